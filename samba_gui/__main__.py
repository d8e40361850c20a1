"""``python -m samba_gui`` is ``samba-gui``."""

import sys

from samba_gui.cli import main

if __name__ == "__main__":
    sys.exit(main())
