"""How the bot should speak, in a maker's words: tone, traits and language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot_runtime.dna import Tone
from factory_bot.model.words.answers import TONE_WORDS, tone_of, traits_of

_TONE = "|".join(re.escape(word) for word in sorted(TONE_WORDS, key=len, reverse=True))
_EXTRA = (
    r"helpful|patient|calm|gentle|enthusiastic|energetic|encouraging|relaxed|clear|simple|modern|elegant|quirky|sweet"
    r"|direct|empathetic|sympathetic|charming|optimistic|caring|inspiring|motivating"
)
_ANY = rf"(?:{_TONE}|{_EXTRA})"
_SOFT = (
    r"(?:(?:very|really|a bit|a little|a tiny bit|quite|super|always|rather|slightly|more|less|nice and|somewhat"
    r"|not too|not|extra|kind of)\s+){0,4}"
)
_LIST = rf"{_SOFT}{_ANY}(?:\s*(?:,\s*(?:and|but)?|and|but|&|yet|/|or)\s*{_SOFT}{_ANY}){{0,8}}"
_SPEAKING = re.compile(
    rf"(?:,?\s*\b(?:and|but|also|please)\s+)?\b(?:(?:it|he|she|the bot|they|bot|answers?|replies"
    rf"|messages)\s+(?:should|must|can|shall|needs to|has to)?\s*)?"
    rf"(?:be|being|is|are|sounds?|sounding|speaks?|speaking|reply|answer|write|respond|responds|talks?|talking|acts?"
    rf"|stays?|feels?|writes?|replies|answers"
    rf"|tone|style|personality|voice|manner|make it sound|make it|keep it|keep things|keep the tone)"
    rf"\s*(?::|=|is|should be|of voice(?: is| should be|:)?|in a)?\s*({_LIST})\b(?!\s+(?:form|survey|poll|vote|list"
    rf"|course|class|dinner|answer|description|text|note|question|order))"
    rf"(?:\s+(?:tone|voice|way|manner|style|language|please))?",
    re.I,
)
_ATTRIBUTE = re.compile(
    rf"\b(?:with an?|in an?|using an?|an?|some)?\s*\b({_LIST})\s+"
    rf"(?=(?:telegram )?(?:bot|chatbot|assistant|helper|tone|voice|style|manner|way|personality|language|vibe|touch"
    rf"|wording|feel)\b)"
    rf"(?:(?:tone|voice|style|manner|way|personality|language|vibe|touch|wording|feel)\b(?: of voice)?)?",
    re.I,
)
_LONE = re.compile(
    rf"(?:^|(?<=[.!?\n]))\s*({_LIST})(?:,? please)?(?=\s*(?:,\s*(?:in|and)\b|,?\s*$|[.!?\n]))", re.IGNORECASE
)
_WITH_TONE_LEAD = re.compile(r"^(?:with|in|using)\b", re.I)
LANGUAGES = {
    "english": "en",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "polish": "pl",
    "russian": "ru",
    "ukrainian": "uk",
    "turkish": "tr",
    "arabic": "ar",
    "hebrew": "he",
    "persian": "fa",
    "hindi": "hi",
    "chinese": "zh",
    "japanese": "ja",
    "korean": "ko",
    "greek": "el",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "czech": "cs",
    "romanian": "ro",
    "hungarian": "hu",
    "vietnamese": "vi",
    "indonesian": "id",
}
_LANGUAGE = re.compile(
    rf"(?:,?\s*\band\s+)?\b(?:(?:(?:it|the bot|bot)\s+)?(?:should |must |will )?(?:speaks?|talks?|answers?|replies"
    rf"|write|writes|be|is)(?: only)?(?: in)?|in|language:?|texts? in)\s+"
    rf"({'|'.join(LANGUAGES)})(?: language)?\b(?!\s+(?:class|course|lesson|school|teacher|food|restaurant|cuisine"
    rf"|wine|club|group|exam|test|level|kitchen|bakery))",
    re.I,
)
_SCRIPTS = (
    ("ru", r"[а-яё]"),
    ("el", r"[α-ωά-ώ]"),
    ("he", r"[א-ת]"),
    ("ar", r"[\u0600-\u06ff]"),
    ("ja", r"[ぁ-ヿ]"),
    ("ko", r"[가-힣]"),
    ("zh", r"[一-鿿]"),
    ("hi", r"[\u0900-\u097f]"),
)
_STOPWORDS = {
    "en": "the a an for and with that to of my our people let want need ask is are i we it bot which by from",
    "de": (
        "der die das ein eine einen für und mit dass ich wir mein meine meinen unser unsere soll sollen nach auf "
        "bitte zu von nicht oder kann können möchte will leute kunden"
    ),
    "fr": (
        "le la les un une des pour et avec que je nous mon ma mes notre nos veux du au aux par est sont qui dans "
        "clients voudrais"
    ),
    "es": (
        "el la los las un una para y con que yo nosotros mi mis nuestro nuestra quiero del al por es son quien gente "
        "clientes"
    ),
    "it": (
        "il lo la gli un una per e con che io noi mio mia nostro nostra voglio del della al da sono chi vorrei "
        "clienti di"
    ),
    "pt": "o os as um uma para e com que eu nós meu minha nosso nossa quero do da dos ao por são quem clientes",
    "nl": "de het een voor en met dat ik wij mijn onze wil van naar op niet of kan mensen klanten",
    "pl": "dla i z że ja my mój moja nasz nasza chcę na nie lub może który klienci",
    "tr": "için ve ile bir bu benim bizim istiyorum müşteriler olarak",
}


@dataclass(frozen=True)
class Manner:
    """What the words say about how to speak, and the words without it."""

    tone: Tone | None
    traits: tuple[str, ...]
    language: str | None
    rest: str


def manner(text: str) -> Manner:
    """Tone, traits and language that the words ask for."""
    language, rest = _language(text)
    traits: list[str] = []
    spans: list[str] = []
    for pattern in (_SPEAKING, _ATTRIBUTE, _LONE):
        for found in list(pattern.finditer(rest)):
            spans.append(found[1])
            traits += [word for word in _words(found[1]) if word not in traits]
        rest = pattern.sub(_without, rest)
    tone = tone_of(" , ".join(spans)) if spans else None
    return Manner(tone, tuple(traits), language, rest)


def foreign(text: str) -> str | None:
    """The language the words are in, where it plainly is not English."""
    letters = sum(character.isalpha() for character in text) or 1
    for code, pattern in _SCRIPTS:
        if len(re.findall(pattern, text, re.I)) > letters * 0.4:
            return code
    words = re.findall(r"[^\W\d_]+", text.casefold())
    counts = {code: sum(word in known.split() for word in words) for code, known in _STOPWORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if best != "en" and counts[best] >= 3 and counts[best] > counts["en"] + 1 else None


def _language(text: str) -> tuple[str | None, str]:
    found = _LANGUAGE.search(text)
    if not found:
        return None, text
    return LANGUAGES[found[1].casefold()], f"{text[: found.start()]} {text[found.end() :]}"


def _without(found: re.Match[str]) -> str:
    """What stays of the sentence when the words about the tone are taken out."""
    return " a " if re.match(r"\s*an?\b", found[0], re.I) and not _WITH_TONE_LEAD.match(found[0]) else " "


def _words(span: str) -> list[str]:
    known = traits_of(span)
    extra = [found[0].casefold() for found in re.finditer(rf"\b(?<!not )(?:{_EXTRA})\b", span, re.I)]
    return sorted([*known, *extra], key=span.casefold().find)
