"""The command line: ``samba-gui [FILES]`` opens the window, every other verb is headless."""

from samba_gui.cli.entry import main

__all__ = ["main"]
