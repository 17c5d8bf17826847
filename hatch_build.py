"""Builds the compiled parts of the classifier, where there is a C compiler; hatchling calls it.

Without one Minqing works all the same: numpy does what the compiled parts would have done.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from Cython.Build import cythonize
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

PACKAGE, MODULES = "classifier", ("_scoring", "_matching", "_terms", "_search_terms", "_spots")
# Never a product and a sum in one step: that would round otherwise than numpy does.
FLAGS = {"unix": ["-O3", "-ffp-contract=off", "-g0"], "msvc": ["/O2", "/fp:precise"]}


class CompiledPart(BuildHookInterface):
    """Puts the compiled parts into a wheel or, for an editable install, beside its source."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is put together."""
        self._folder = TemporaryDirectory()
        built = compiled(Path(self.root), Path(self._folder.name))
        if len(built) < len(MODULES):
            self.app.display_warning("Not all was compiled: judging takes the slower way.")
        for file in built:
            build_data.update(pure_python=False, infer_tag=True)
            if version == "editable":
                shutil.copy(file, Path(self.root) / PACKAGE)
            else:
                build_data["force_include"][str(file)] = f"{PACKAGE}/{file.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Clear away what the wheel was put together from."""
        self._folder.cleanup()


class Build(build_ext):
    """Compiles with the flags that the compiler found takes."""

    def build_extensions(self) -> None:
        """Called once the compiler is known."""
        for extension in self.extensions:
            extension.extra_compile_args = FLAGS.get(self.compiler.compiler_type, [])
        super().build_extensions()


def compiled(root: Path, folder: Path) -> list[Path]:
    """Compile into a folder. What cannot be compiled is missing, and setuptools tells why."""
    names = {f"{PACKAGE}.{module}": root / PACKAGE / f"{module}.pyx" for module in MODULES}
    extensions = [Extension(name, [str(source)]) for name, source in names.items()]
    modules = cythonize(extensions, build_dir=str(folder / "c"), quiet=True)
    for module in modules:
        module.optional = True  # a compiler that is missing or fails is no error
    build = Build(Distribution({"name": PACKAGE, "ext_modules": modules}))
    build.build_lib, build.build_temp = str(folder / "lib"), str(folder / "objects")
    build.ensure_finalized()
    build.run()
    return [file for module in MODULES for file in (folder / "lib").rglob(f"{module}.*")]
