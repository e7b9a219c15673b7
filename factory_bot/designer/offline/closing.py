"""When a poll closes, in a maker's words: it is no part of the poll's options."""

from __future__ import annotations

import re

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_MOMENT = (
    rf"(?:(?:(?:this|next|coming) )?{_DAY}s?(?: (?:morning|noon|afternoon|evening|night))?"
    rf"|{_NUMBER}(?: of)?\.? {_MONTH}|{_MONTH} {_NUMBER}"
    r"|(?:today|tomorrow|tonight)(?: (?:morning|noon|afternoon|evening|night))?|midnight|noon"
    r"|christmas(?: eve)?|new year(?:'s eve)?|easter|(?:this|next) (?:week(?:end)?|month|morning|afternoon|evening)"
    r"|(?:the )?end of (?:the |this |next )?(?:day|week|month|year)|the weekend|the \d{1,2}(?:st|nd|rd|th)"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?"
    r"|\d{1,2}[:.]\d{2}(?: ?[ap]\.?m\b\.?)?|\d{1,2} ?(?:[ap]\.?m\b\.?|h\b|o'?clock)|20\d\d)"
)
_WHEN = rf"{_MOMENT}(?:,? (?:(?:on|at|in the|the) )?{_MOMENT})*(?: (?:o'?clock|sharp|latest|at the latest))?"
_SUBJECT = (
    r"(?:(?:it|which|that|voting|votes?|polls?|the (?:poll|vote|voting))\s+)?"
    r"(?:(?:is|will|should|must|can|be|stays?)\s+)*"
)
_CLOSES = r"(?:clos(?:es?|ing)|ends?|ending|deadline(?: is)?:?)"
_UNTIL = r"(?:(?:open|runs?|running|lasts?)\s+)?(?:until|till)"
# Before a comma it is an option among others: "weekdays until 8pm, Saturdays".
_END = r"\s*(?:\)(?=\s*(?:[,.;:!?]|$))|(?=[.;:!?]|$|\b(?:between|with|from|among|please)\b))"
_AT_A_TIME = rf"(?:{_CLOSES}\s+(?:(?:on|at|by|before)\s+)?|{_UNTIL}\s+(?:on\s+)?)(?i:{_WHEN}){_END}"
_BY_A_TIME = rf"by\s+(?i:{_WHEN})[\s).!]*$"
_AT_AN_EVENT = (
    rf"(?:{_CLOSES}\s+(?:on|at|by|before|after|once|when|as soon as)|{_UNTIL})"
    rf"\s+(?:the|we|our|my|everyone|everybody|all|further)\b(?:(?! and | or )[^,;/:.?!)])*{_END}"
)
_CLOSING = rf"{_SUBJECT}(?:{_AT_A_TIME}|{_BY_A_TIME}|{_AT_AN_EVENT})"
# A title such as "Until Dawn" has its capital; a clause behind other words has none.
_CLAUSE = re.compile(rf"(?<=[\w\"”'’)?])(?<!\band)(?<!\bor)(?<!\bwho)(?<!\bbetween)[\s,;(–-]+(?:and\s+)?{_CLOSING}")
_SENTENCE = re.compile(rf"\s*(?:and\s+)?{_CLOSING}\W*", re.IGNORECASE)


def without_closing(clause: str) -> str:
    """The clause without the words that say until when the poll is open."""
    if len(re.findall(r"\b(?:until|till)\b", clause)) > 1:  # "stay until Friday or until Sunday" are options
        return clause
    return _CLAUSE.sub(" ", clause).strip()


def is_closing(sentence: str) -> bool:
    """Whether the sentence says nothing but until when the poll is open."""
    return _SENTENCE.fullmatch(sentence) is not None
