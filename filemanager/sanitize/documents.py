"""What is called an archive, and what is called a document though its bytes are an archive's.

The name alone tells: the bytes of both are the same. Zips mostly, some tars, and compressed files
whose programs read them compressed.
"""

_OFFICE = """
    docx docm dotx dotm xlsx xlsm xlsb xltx xltm xlam pptx pptm potx potm ppsx ppsm ppam sldx sldm
    thmx vsdx vsdm vssx vssm vstx vstm xps oxps glox onepkg
    odt ods odp odg odc odf odi odm odb ott ots otp otg otc otf oti oth oxt bau
    sxw sxc sxi sxd sxm sxg stw stc sti std
    pages numbers key keynote kth nmbtemplate hwpx gnumeric abw zabw zabt xmcd mcdx
"""
_BOOKS = "epub kepub ibooks cbz cbt fbz fb2.zip htmlz txtz acsm"
_SCIENCE = """
    npz pt pth pth.tar pt.tar ckpt ckpt.tar mar nemo joblib keras skops zarr.zip h5p mbz qza qzv
    mlx mlapp mlappinstall mltbx mlpkginstall slx slxp slxc slmx sldd mldatx prjz
    rds rda rdata mgz bam bgz nbz enex xopp dia emz wmz svgz
    opju jasp omv omt ggb fmu ssp sedx omex eln crate wacz mwb apkg colpkg mxl mscz capx ork
    qgz kmz mpk mpkx lpk lpkx ppkx aprx slpk vtpk tpk tpkx shz
"""
_PROGRAMS = """
    jar war ear sar aar hpi jpi kar whl egg pyz pex conda nupkg snupkg gem phar nbm vsix oex
    apk apks apkm xapk aab ipa appx appxbundle msix msixbundle appxupload xap air swc
    xpi crx wgt widget docset alfredworkflow sublime-package love pk3 pk4
    unitypackage ova box nar spl mxp zxp shortcut tosc
"""
_DRAWINGS = """
    sketch fig xd kra krz ora procreate idml icml dwfx 3mf amf usdz f3d f3z fcstd skp ifczip
    x3dz blend vrm xmind mmap mmdx smmx graffle archimate drp lottie rive tgs
    sb2 sb3 sprite2 sprite3 mcpack mcaddon mcworld mctemplate litematic schem schematic
    aup als alp adg adv mogrt musx dawproject song sf3
"""

DOCUMENTS = tuple(
    f".{ending}"
    for endings in (_OFFICE, _BOOKS, _SCIENCE, _PROGRAMS, _DRAWINGS)
    for ending in endings.split()
)
"""Endings of names, in lower case."""

_COMPRESSED = ("gz", "bz2", "xz", "zst", "z", "lz", "lzma")
_ARCHIVES = (
    ".zip",
    ".tar",
    *(f".tar.{ending}" for ending in _COMPRESSED),
    *(".tgz", ".taz", ".tbz", ".tbz2", ".tb2", ".txz", ".tzst", ".tlz"),
)


_LAST_SEGMENTS = frozenset(ending.rpartition(".")[2] for ending in DOCUMENTS)


def is_called_document(lowered: str) -> bool:
    """*lowered* is a name in lower case."""
    # All names but a few have another last ending, and there are hundreds.
    return lowered.rpartition(".")[2] in _LAST_SEGMENTS and lowered.endswith(DOCUMENTS)


def is_called_archive(lowered: str) -> bool:
    return lowered.endswith(_ARCHIVES) and not is_called_document(lowered)
