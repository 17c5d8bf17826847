#!/usr/bin/env bash
# 安装民情，不需要网络。用法：./install.sh [--prefix /opt/minqing] [--home /var/lib/minqing]
# [--python python3] [--no-service]。以 root 运行时建立用户 minqing 和系统服务；普通用户请加 --no-service。
# 再次运行即升级：新版装好、自检通过后才切换，此前的版本和数据都不动。
set -euo pipefail
cd "$(dirname "$0")"

prefix=/opt/minqing home=/var/lib/minqing python=python3 service=yes user=minqing
fail() { echo "安装未进行：$*" >&2; exit 2; }
while [[ $# -gt 0 ]]; do
    case $1 in
        --prefix | --home | --python)
            [[ $# -ge 2 && -n $2 ]] || fail "$1 之后须写明一个值"
            printf -v "${1#--}" '%s' "$2"; shift 2 ;;
        --no-service) service=no; shift ;;
        *) fail "不认识的选项 $1" ;;
    esac
done
[[ $prefix == /* && $home == /* ]] || fail "目录须从 / 写起"
[[ $prefix$home =~ ^[A-Za-z0-9/_.-]+$ ]] || fail "目录名只能用英文字母、数字和 _ . -"
[[ $service == no || $(id -u) -eq 0 ]] || fail "建立系统服务须以 root 运行，或加 --no-service"

sha256sum --check --quiet --strict SHA256SUMS || fail "安装包不完整或被改动，请重新取得"
version=$(<VERSION) wanted=$(<PYTHON) machine=$(<MACHINE)
[[ $(uname -m) == "$machine" ]] || fail "安装包用于 $machine，这台机器是 $(uname -m)"
found=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) \
    || fail "找不到 $python，可用 --python 指明"
[[ $found == "$wanted" ]] || fail "须用 Python $wanted，$python 是 $found，可用 --python 指明"

release=$prefix/releases/$version
if [[ -e $release ]]; then
    [[ ! $(readlink -f "$prefix/current" || true) == "$release" ]] || fail "版本 $version 已在使用"
    rm -rf "$release" # 上一次没有装完
fi
mkdir -p "$prefix/releases"
trap 'rm -rf "$release"; echo "安装未完成，原有版本和数据没有改动" >&2' ERR
"$python" -m venv --without-pip "$release"
"$release/bin/python" -I "$(echo "$PWD"/pip/pip-*.whl)/pip" --disable-pip-version-check install --quiet \
    --no-index --find-links wheels --require-hashes --no-deps --no-cache-dir -r requirements.txt
install -m 755 minqing-backup "$release/bin/minqing-backup"
"$release/bin/minqing" --version >/dev/null
trap - ERR

if [[ $service == yes ]]; then
    getent passwd "$user" >/dev/null || useradd --system --home-dir "$home" --shell /usr/sbin/nologin "$user"
    install -d -m 700 -o "$user" -g "$user" "$home"
    for unit in minqing.service minqing@.service minqing-backup.service minqing-backup.timer; do
        sed "s|@PREFIX@|$prefix|g; s|@HOME@|$home|g; s|@USER@|$user|g" "$unit" >"/etc/systemd/system/$unit"
    done
    systemctl daemon-reload 2>/dev/null || true
else
    install -d -m 700 "$home"
fi
ln -sfn "releases/$version" "$prefix/.next"
mv -T "$prefix/.next" "$prefix/current"

echo "民情 $version 已装在 $prefix/current，数据放在 $home。"
echo "接下来见同一目录下的《安装说明.md》：首次启动取得管理员密码、开机自启、HTTPS、备份。"
