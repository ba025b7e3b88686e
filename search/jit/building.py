"""Makes the library of kernels: compiles what is used, as one object file, and links it with its wrappers.

Numba has what it compiled in LLVM's language, also in its cache, and LLVM makes of that, by llvmlite, an object file as
of any other language. Needs Numba, a C compiler, and the headers of Python.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from platform import machine

import llvmlite.binding as llvm
import numpy as np
from numba import config

from search.errors import IndexProblem
from search.jit import compiling, wrapping
from search.jit.library import PLACE
from search.jit.sources import named
from search.system import disk, temporary

PROCESSORS = {"x86_64": ("x86-64-v3", ("avx2", "bmi", "bmi2", "fma")), "aarch64": ("generic", ())}
"""By machine: what is compiled for, by LLVM's name, and what of it not every processor has, by that of C compilers.
Those of x86-64 have it since 2013.
"""


def build(use: Callable[[], None], alongside: Sequence[Callable[[], None]] = ()) -> int:
    """Compile all kernels that are used into the library, in place of one that is there. Returns how many they are.

    Args:
        use: calls them. None has been called before.
        alongside: what calls some of them in processes of its own, so that they are compiled earlier.

    Raises:
        IndexProblem: if there is no C compiler, or it fails.
    """
    disk.remove(PLACE)
    processor, needs = PROCESSORS[machine()]
    with temporary.folder("dateline-") as folder:
        config.CACHE_DIR, config.CPU_NAME, config.CPU_FEATURES = str(folder), processor, ""  # type: ignore[attr-defined]
        os.environ["NUMBA_CACHE_DIR"] = str(folder)  # what is derived once is derived here, by kernels
        processes = [get_context("fork").Process(target=each, daemon=True) for each in alongside]
        for process in processes:
            process.start()
        use()
        for process in processes:
            process.terminate()  # what it compiles was compiled here
            process.join()
        kernels, linked = _compiled()
        packages = sorted({name.rpartition(".")[0].rpartition(".")[0] for name in kernels})
        stamps = [named(package, _folder(package)) for package in packages]
        disk.put(folder / "kernels.c", wrapping.source(kernels, stamps, needs).encode())
        disk.put(folder / "kernels.o", _machine(processor).emit_object(linked))
        _link(folder)
    return len(kernels)


def _compiled() -> tuple[dict[str, list[wrapping.Compiled]], llvm.ModuleRef]:
    """The kernels that Numba has compiled, by name, and the code of them all."""
    kernels: dict[str, list[wrapping.Compiled]] = {}
    linked = llvm.parse_assembly("")
    for dispatcher in compiling.dispatchers():
        function = dispatcher.py_func
        name = f"{function.__module__}.{function.__name__}"
        for takes, made in dispatcher.overloads.items():
            symbol = f"{name.replace('.', '_')}_{len(kernels.get(name, ()))}"
            one = wrapping.Compiled(symbol, takes, made.signature.return_type)
            if wrapping.can_wrap(one):
                linked.link_in(_part(str(made.library._get_module_for_linking()), made.fndesc.llvm_func_name, symbol))
                kernels.setdefault(name, []).append(one)
    return kernels, linked


def _part(text: str, name: str, symbol: str) -> llvm.ModuleRef:
    """The code of one kernel, and nothing that only Numba calls."""
    module = llvm.parse_assembly(text)
    for one in (*module.functions, *module.global_variables):
        if not one.is_declaration and one.name != name:
            one.linkage = "internal"
    kernel = module.get_function(name)
    kernel.name, kernel.linkage, kernel.visibility = symbol, "external", "hidden"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.run(module, llvm.create_pass_builder(_machine(""), llvm.create_pipeline_tuning_options(0)))
    return module


def _machine(processor: str) -> llvm.TargetMachine:
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(cpu=processor, opt=3, reloc="pic", codemodel="default")


def _folder(package: str) -> Path:
    root = Path(__file__).parents[2]
    return root.joinpath(*package.split("."))


def _link(folder: Path) -> None:
    """Compile the wrappers, and make one library of them and the kernels."""
    headers = (sysconfig.get_paths()["include"], np.get_include(), str(Path(__file__).parent))
    made = folder / "made.so"
    command = ["cc", "-O2", "-shared", "-fPIC", "-s", *(f"-I{place}" for place in headers)]
    try:
        subprocess.run([*command, str(folder / "kernels.c"), str(folder / "kernels.o"), "-o", str(made)], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        needed = "Install a C compiler (cc) and Python's headers."
        raise IndexProblem(f"The kernels cannot be linked: {error}. {needed}") from None
    disk.put(PLACE, made.read_bytes(), private=False)  # who serves may be another user
