"""Import every module of a package: import_all.py DIRECTORY PACKAGE."""

import importlib
import pkgutil
import sys

directory, name = sys.argv[1:]
sys.path.insert(0, directory)
package = importlib.import_module(name)
modules = [module.name for module in pkgutil.walk_packages(package.__path__, f"{name}.", onerror=None)]
for module in modules:
    importlib.import_module(module)
if not any(module.startswith(f"{name}.api.") for module in modules):
    sys.exit(f"{name} has no operations")
