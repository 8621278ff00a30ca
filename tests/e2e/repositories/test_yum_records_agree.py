"""Records of rpms beside those of createrepo_c: equal elements, whatever blanks are between."""

import gzip
from pathlib import Path

import pytest

from e2e.repositories.building import build_rpms, run
from e2e.repositories.records import elements_in, our_records
from filemanager.indexes.yum.documents import YumDocument, head, tail

pytestmark = [pytest.mark.e2e, pytest.mark.judges]

SPECS = {
    "plain": """\
Name: tiny
Version: 1.0
Release: 1
Summary: a tiny package
License: MIT
BuildArch: noarch
AutoReqProv: no
%description
Nothing in it.
%files
""",
    "with an epoch and everything that it needs": """\
Name: lib+tiny.x
Epoch: 3
Version: 2.0~rc1^20240101
Release: 0.1.el9
Summary: <a> & "b"
License: MIT and 'others'
Group: Development/Libraries
Vendor: A & B
Packager: Jürgen Ŝanĝo <j@example.org>
URL: https://example.org/?a=b&c=<d>
AutoReqProv: no
Provides: virtual
Provides: tiny-api = 5:1.2-3
Provides: tiny(x86-64) = 2.0
Requires: other >= 1.0
Requires: other >= 1.0
Requires: virtual
Requires: tiny-api = 5:1.2-3
Requires: /usr/bin/own
Requires: /usr/bin/foreign
Requires(pre): shadow-utils
Requires(post): /sbin/ldconfig
Requires(preun): before-it-goes
Requires: libc.so.6()(64bit)
Requires: libc.so.6(GLIBC_2.2.5)(64bit)
Requires: libc.so.6(GLIBC_2.34)(64bit)
Requires: libc.so.6(GLIBC_2.4)(64bit)
Requires: (this or that)
Conflicts: rival < 4:1
Obsoletes: older <= 1.9-9
Recommends: nice > 1
Suggests: maybe
Supplements: (a and b)
Enhances: another = 0:7
%description
Several lines,
  with blanks    in them	and a tab.

图 & <more>
%install
cd %{buildroot}
mkdir -p usr/bin etc/tiny.d 'usr/share/a&b' var/log
touch usr/bin/own etc/tiny.conf 'etc/a&b' var/log/tiny.log
touch 'usr/share/a&b/<é> "图"' 'usr/share/with blanks'
%files
/usr/bin/own
%config(noreplace) /etc/tiny.conf
%config /etc/a&b
%dir /etc/tiny.d
"/usr/share/a&b"
"/usr/share/with blanks"
%ghost /var/log/tiny.log
%changelog
* Tue Nov 14 2023 Jürgen Ŝanĝo <j@example.org> - 3:2.0-0.1
- a & b
- <two>
* Tue Nov 14 2023 Ann <ann@example.org>
- the same day
* Tue Nov 14 2023 Ann <ann@example.org>
- the same day again
* Mon Nov 13 2023 Ann <ann@example.org>
- 图
""",
    "with a long history": """\
Name: history
Version: 1
Release: 1
Summary: history
License: MIT
BuildArch: noarch
AutoReqProv: no
%description
%files
%changelog
"""
    + "".join(
        f"* Fri Dec {day} 2023 Ann <ann@example.org> - {day}\n- change {day}\n\n"
        for day in (29, 22, 15, 8, 1)
        for _ in range(4)
    ),
}


@pytest.fixture(params=SPECS)
def rpms(request: pytest.FixtureRequest, tmp_path: Path) -> list[Path]:
    """Of one spec: the package and what it is built from."""
    return build_rpms(tmp_path, SPECS[request.param])


@pytest.mark.parametrize("document", YumDocument)
def test_rpms_are_told_as_createrepo_c_tells_them(
    document: YumDocument, rpms: list[Path], tmp_path: Path
) -> None:
    run(tmp_path, "createrepo_c", "--quiet", ".")
    (told,) = (tmp_path / "repodata").glob(f"*-{document}.xml.gz")

    ours = b"".join(our_records(rpm)[document] for rpm in rpms)

    theirs = elements_in(gzip.decompress(told.read_bytes()))
    assert len(theirs) == 2
    assert elements_in(head(document, len(rpms)) + ours + tail(document)) == theirs
