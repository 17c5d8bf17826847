"""The desk's pages: server-rendered, in Chinese, one file each."""
