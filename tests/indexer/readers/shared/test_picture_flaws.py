"""What is wrong with a picture is told by its structure."""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Callable

from indexer.readers.shared.picture_flaws import flaw
from indexer.readers.shared.pictures import kind_of
from search.files import pictures
from tests import printed_page, waiting
from tests.cases import cases

_SMALL = {
    "jpeg": (
        "|JeWF01!$>Nk#wx0RR9200961|JwjV02>k%7Zed27Zw*D92+1gLMtdGB`8rkJupIGRb^yfRb5+Zc$tA}agcLcU4^xVke;Kft*d8%"
        "yve$z$C;?Br2pFhLjfEf9w;LyPAe-"
        ";q;6eqq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@@4A01*fP5C9kh0U`hb5di}c0sq7R9{>O"
        "W1pxs80RaI300000000010s{mE1_uZU3Jd?l0JRVR0s#X90t5pE1q1{D00Dgg0s{a95d{(<F+m0sQDFxnaTGFvk)a49Lb1UWQqk}"
        "vGh%Xr2?`b$7#SKRCMPH<Dl|1VH#j*uLqtVJM@UIZQ&d$}S6EqEV`OD!XJ~0^b98lfcX)YvgM@{Khlq)al9QB`mY0~BnxdnmrKYE"
        "-sj9NGw6(UkxVgH*!^FkL$H>Xb($mz{*4NnC+Tr5k<mKk)=;`Y5^7Hid_V@Vt`v1fL9{~UZ0RaI40RaI40RR91000010s{mE1_uZ"
        "U3Jd?l0JRYS0s#U91Oo&I1q1{D0Rndb0RjUN1O*{61`<J02Vrp&A~Jyp6he`qvB3!=Gg9ysVsg<679=#`CGi&+85$-"
        "hC@Cs6Ha9pqIzvQ7Mn_0VN>fx-"
        "R##YAT4Q8oW@l(=YIAgTc6WGrdV+(5g@%WSiHeewl$Dm3n3<ZQqok##r>Lo_va__cwzs&sy28W6#m2|T$;#5x)YaD4*xB0R<K*S$"
        "=jiF`^7Hid_V@Vt`v2Mh3<CiG0ucid06zf6OMhyxmfqERJAZ1m9k;b(2h3+n5ND;YwH2_i0ox{uZd8-AXQd27vH#f"
    ),
    "progressive": (
        "|JeWF01!$>Nk#wx0RR9200961|JwjV02>k%7Zed27Zw*D92+1gLMtdGB`8rkJupIGRb^yfRb5+Zc$tA}agcLcU4^xVke;Kft*d8%"
        "yve$z$C;?Br2pFhLjfEf9w;LyPAe-"
        ";q;6eqq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@<*zq@@4C01*fP5C9kh0U`hb5di}c0sq7R761V"
        "O0RR910000000000000970RO}Q76AbP0RR910000000000000621pnFq3<CiG0uTcb0004r9YLR2tv~<702mMf00RL4000000000"
        "0000000Rj>c|Jncu0RaF31p><~qNuBn|HJ?n5dZ@L000000000000000000340{_|o2mu2D0Y3rF1w;SD02mPf0s{a5000000000"
        "0000000Rj;r|Jncu0RjO5KLJ`?PyfUK6c7Ob000000000000000001EW+5iXv0RRR+0$=~c02UAd0RaF200000000000000101*G"
        "$00;pA00BQCAq|0l|Jncy0|5X600RI301)%<|HJ?m5di@K0000000000000000003I|Jncu0RsU6KM+>O|HJ?m5di@K000000000"
        "0000000096I|Jncu0RjO5KM-*j7XQQm7!Uyg0RaI300000000000001C0TDs}+5iXv0RRC%5Rz#iiyZU1|Je"
    ),
    "gif": (
        "M@dFFH(?k65CDMy0CU4{bAV#1Ei*DL4=exx000;O5CA|3R{#eH97s^0fP)AV9xON@fWwCnBR*tUP@%<z0|02;$gyL`001afyqHjA"
        "Lx~P85=1G{qsx~tLz*;565-4NHA~LSX_Fz#p9Oyk9T+jD$BagkDvcQs06P"
    ),
    "animated gif": (
        "M@dFFH(?k65CDMy0CU4{bAV#1Ei*DL4=exx000;O5C8xOSO5nI97s^0fP)AV9xTXkfWn6Y8Wx18P~t#}6)if%h*0B3ju9mW7)g@k"
        "!-"
        "geOsvOC1rAv|pU&<sXlO%wfH~|bynX{))odbRf?HNGl(4$C`DqVUrAOIox1OWg51OO}m0000O01yCybF_hTQ$KSL3;+NC2xb5W2p"
        "k}wV1R=M0VrIkaG*ni1`!5e$nfF7f&wH?q}b3R#EcR-cC?65qeuWAKY~OkG9|{92|2nf8B(UlmnLnJq*=4#O`a?%&WzY|;ZT?{ee"
        "NV$6lKbb8aEn!IxwnKrvd{403rDV0RR9504x9i000;O5CDO5!*6qdVyZ1OGA$1XSO5VC97wRB!Gj1BDqL7_0Du4t5e{$|QDA_J7b"
        "j9Ih_R!`02&8;9QiS%NRlW`o<vzvrGS?(Q>vT@v!+b}Geh3onN#D=n>}g%gc(%mP@F}NzAQQ*AOJf"
    ),
    "lossy webp": (
        "Qb|TeXaE2JS4BclR!}$~TmS$7Fa!Xd0V)^(5CA_Be6&%ps3jt>2m%ly32XqJGK6pdf=UlkpOOQlrbqz(`xyh#rU?U+!V=kof7Y(r"
        "!>G5A1^mo=TGuF9t1BikmPnzU3}0>X3f(kL;miO4"
    ),
    "webp": ("Qb|TeMgRZ+S4BclR!}%hIsgCwFBiZA0J$<m^gkBkU;pTTBn~5OBh|tCcYN^S;3z0)BS}pi;~U_Q2}oQY1lM0cjj;F|2D27Wyea"),
    "animated webp": (
        "Qb|Teb^!nYS4BclR!}%t3IG5A0ssI27XSbc002QwNlgX-"
        "0000000000K~7CZr~m)}00000000*N01p5F00002R!}$~kN^Mx@C5*!0V)^(5CA@HER#i~BB7WB06+%Bwg66<LO2`1KNWuvIRK0T"
        "=m~PLR88+t?B2rV2JUc>0RI1~?k<F0{xDryRdy*ed;y8(uZ=HhAh9~rUH?wm6Nd4j+NvMQRK~Cl4U`l}l|^<=KOq(Q+}yEQzP;r!"
        "U(ID3`J5e#Y5u9L|B9J#!y#ug;{X5vK~7CZng9R*00000000*N01p5F00000R!}$~f&c&jlmq~s0V)^(5CASsHk(a=00hLg08W`g"
        "I1GRnU>~3Wzsod`T6v?q$UkBNpaA~=D?w%>--"
        "Fs<jQvoWnflnHMK|W{US@FqJqnNi@iG6A^hX&KC@|~S=GN`?hE+a;62JeSP%x@dUHJcma@I?S$?!XV;>nga3YR<f990$o000"
    ),
    "avif": (
        "0000WW^{RQVRmU|00000VRmU|ZE0pPZE0a<O+hh20002%ZDn*}000000000XXk=`10000000000aA{+700000000000000000000"
        "4sdC7Z2$lO000310016oY;R)#0000)000310RR910RR926951JGynhqC~0YKW&i*H00031000_kZf0cy000000RRADb}%tRZ)|UJ"
        "00000YH4tCZ~y=ROKEUpZvX%Q6lrsCWdHyG000007ytkO5C8xG5O8UDX#fBK00RgJ2mk;83}JRLLxBJc000006Ju{|a&BX6cmM$a"
        "4FCp!0000NX>e^}0000000001009I60)qqq002B~WMOm?0162h5bx~}5YT8qG9?{{hlQQoamND1007r((bsKLhhiyk7(KeDR!Otz"
        "l!+Nj{!;J"
    ),
}
"""Pictures of 24 by 16 pixels, in base 85."""
PICTURES: dict[str, bytes] = {name: base64.b85decode(text) for name, text in _SMALL.items()} | {
    "png": printed_page.png(printed_page.drawn("one two"), 24, 16),
    "pdf": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n",
}
_SIZES: dict[str, tuple[Callable[[bytes], int], str]] = {
    "png": (lambda data: data.index(b"IHDR") + 4, ">II"),
    "jpeg": (lambda data: data.index(b"\xff\xc0") + 5, ">HH"),
    "progressive": (lambda data: data.index(b"\xff\xc2") + 5, ">HH"),
    "gif": (lambda data: 6, "<HH"),
    "avif": (lambda data: data.index(b"ispe") + 8, ">II"),
}
"""Where the size of a picture is, and how it is written."""


def found(data: bytes) -> str:
    return flaw(io.BytesIO(data), kind_of(data[:16]), "a.png")


@cases("name", PICTURES)
def test_a_whole_picture_has_no_flaw(name: str) -> None:
    assert found(PICTURES[name]) == ""


@cases("name", sorted(set(PICTURES) - {"pdf"}))
def test_a_picture_that_is_cut_anywhere_is_incomplete(name: str) -> None:
    data = PICTURES[name]
    said = {found(data[:end]) for end in range(16, len(data))}
    assert said == {"Its picture “a.png” is incomplete: its end is missing. Copy it again."}


def test_a_pdf_without_its_end_is_incomplete() -> None:
    data = PICTURES["pdf"]
    assert "end is missing" in found(data[: data.index(b"%%EOF")])
    assert "end is missing" in found(data + b"x" * 5000)


@cases("name", sorted(set(PICTURES) - {"pdf", "avif"}))
def test_what_comes_after_the_end_does_not_matter(name: str) -> None:
    assert found(PICTURES[name] + bytes(3000) + b"trailer") == ""


@cases("name", ["jpeg", "progressive"])
def test_the_end_of_a_small_picture_inside_a_jpeg_is_not_its_own(name: str) -> None:
    inner = b"Exif\0\0" + PICTURES["jpeg"]
    segment = b"\xff\xe1" + struct.pack(">H", len(inner) + 2) + inner
    data = PICTURES[name][:2] + segment + PICTURES[name][2:]

    assert found(data) == ""
    assert "end is missing" in found(data[:-2])


@cases("name", _SIZES)
def test_a_picture_with_too_many_pixels_is_refused_by_its_header(name: str) -> None:
    data = bytearray(PICTURES[name])
    find, form = _SIZES[name]
    at = find(PICTURES[name])
    struct.pack_into(form, data, at, 60_000, 60_000)
    assert found(bytes(data)) == (
        "Its picture “a.png” has 60,000 × 60,000 pixels, and is not shown: more than 250 million take too much memory. "
        "Put a smaller one next to it."
    )
    struct.pack_into(form, data, at, 15_000, 15_000)
    assert found(bytes(data)) == ""


def test_the_size_of_a_webp_is_found_in_each_of_its_kinds() -> None:
    extended = bytearray(PICTURES["animated webp"])
    extended[24:30] = (59_999).to_bytes(3, "little") * 2
    lossy = bytearray(PICTURES["lossy webp"])
    lossy[26:30] = struct.pack("<HH", 16_383, 16_383)
    lossless = bytearray(PICTURES["webp"])
    lossless[21:25] = (0x3FFF | 0x3FFF << 14).to_bytes(4, "little")

    assert "has 60,000 × 60,000 pixels" in found(bytes(extended))
    assert "has 16,383 × 16,383 pixels" in found(bytes(lossy))
    assert "has 16,384 × 16,384 pixels" in found(bytes(lossless))


@cases("name", PICTURES)
def test_a_picture_without_an_end_to_its_bytes_is_too_large(name: str) -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.head = io.BytesIO(PICTURES[name][:-12])

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            data = self.head.read(len(buffer)) or b"\xfe" * len(buffer)
            buffer[: len(data)] = data
            return len(data)

        def readable(self) -> bool:
            return True

    try:
        said = flaw(io.BufferedReader(Endless()), kind_of(PICTURES[name][:16]), "a.png")
    except pictures.TooLarge:
        return
    assert "end is missing" in said or said == ""


@cases("head, part", [
    (b"\xff\xd8\xff\xe0\0\x02", b"\xff\xe0\0\x02"),
    (b"\xff\xd8\xff", b"\xff\xd8"), (b"GIF89a" + bytes(7), b"!\xf9\0"),
    (b"GIF89a" + bytes(7) + b"!\xf9", b"\x01x"),
    (b"\x89PNG\r\n\x1a\n" + bytes(16), b"\0\0\0\0"),
    (b"\0\0\0\x0cftypavif", b"\0\0\0\x08free"),
])  # fmt: skip
def test_time_grows_as_the_number_of_parts_does(head: bytes, part: bytes, amount: Callable[..., int]) -> None:
    def reading(count: int) -> Callable[[], object]:
        data = head + part * count
        return lambda: found(data)

    few = amount(20_000, few=4_000)
    assert waiting.grows_less(16, reading, few, 8 * few, least_s=0.01)
