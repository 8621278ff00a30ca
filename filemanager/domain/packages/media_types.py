"""What is said of the type of what lies elsewhere: by its extension, for its bytes are not read."""

from collections.abc import Mapping

from filemanager.domain.packages.texts import TEXT_TYPES, extension_of
from filemanager.domain.trees.tree import TreePath

ANY_BYTES = "application/octet-stream"

_OTHER_TYPES: Mapping[str, str] = {
    "avi": "video/x-msvideo",
    "bmp": "image/bmp",
    "bz2": "application/x-bzip2",
    "feather": "application/vnd.apache.arrow.file",
    "geojson": "application/geo+json",
    "gif": "image/gif",
    "grib": "application/wmo-grib",
    "grib2": "application/wmo-grib",
    "gz": "application/gzip",
    "h5": "application/x-hdf5",
    "hdf5": "application/x-hdf5",
    "jp2": "image/jp2",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "nc": "application/netcdf",
    "npy": "application/x-npy",
    "npz": "application/zip",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tar": "application/x-tar",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "tsv": "text/tab-separated-values",
    "wav": "audio/wav",
    "webp": "image/webp",
    "xz": "application/x-xz",
    "zip": "application/zip",
    "zst": "application/zstd",
}


def media_type_of(path: TreePath) -> str:
    extension = extension_of(path)
    if not extension:
        return ANY_BYTES
    return TEXT_TYPES.get(extension) or _OTHER_TYPES.get(extension, ANY_BYTES)
