"""Model folders from Hugging Face, fetched only when somebody asks for one by name."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

from samba_gui.core.errors import BundleError

PATTERNS = ("*.safetensors", "*.json", "*README.md")  # nothing that could be run
MAX_BYTES = 512 * 2**20
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")


def fetch_model(name: str, folder: str | Path, endpoint: str | None = None) -> Path:
    """Fetch the tensors, declarations and card of a model, without any credentials.

    Parameters
    ----------
    name : str
        ``OWNER/NAME``.
    folder : path
        Where to; what is there already is not fetched again.
    endpoint : str, optional
        Address of the hub, by default Hugging Face's.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    BundleError
        The optional package is missing, there is no connection, no such model, or it is too large.
    """
    if not _NAME.fullmatch(name):
        raise BundleError("{name!r} is no model's name.", "Models are called OWNER/NAME.", name=name)
    try:
        from huggingface_hub import HfApi, snapshot_download
        from huggingface_hub.errors import RepositoryNotFoundError
        from huggingface_hub.utils import disable_progress_bars, logging
    except ImportError:
        raise BundleError(
            "Fetching needs the package huggingface_hub, which is not installed.",
            "pip install 'samba-gui[hub]'; or download the folder yourself and convert it.",
        ) from None
    disable_progress_bars()
    logging.set_verbosity_error()  # what concerns the user is in our own error
    try:
        info = HfApi(endpoint, token=False).model_info(name, files_metadata=True, timeout=20)
        files = [file for file in info.siblings or () if any(fnmatch(file.rfilename, p) for p in PATTERNS)]
        size = sum(file.size or 0 for file in files)
        if not any(file.rfilename.endswith(".safetensors") for file in files):
            raise BundleError(
                "{name} has no safetensors file.",
                "Only such files are fetched; a pickle could run anything.",
                name=name,
            )
        if size > MAX_BYTES:
            raise BundleError(
                "{name} has {size_mb:.0f} MB of tensors; SAMBA has about 5.",
                "Choose a SAMBA model.",
                name=name,
                size_mb=size / 2**20,
            )
        snapshot_download(
            name,
            revision=info.sha,
            local_dir=folder,
            allow_patterns=list(PATTERNS),
            token=False,
            endpoint=endpoint,
        )
    except BundleError:
        raise
    except RepositoryNotFoundError:
        raise BundleError("There is no public model {name}.", "Check the name.", name=name) from None
    except Exception as error:  # the network fails in many ways
        raise BundleError(
            "{name} could not be fetched ({kind}).",
            "Check the connection to the Hugging Face hub and try again.",
            name=name,
            kind=type(error).__name__,
        ) from None
    return Path(folder)
