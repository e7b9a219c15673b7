"""Top-level domains that make an address of words without a protocol.

Telegram knows the whole root zone.  Here a country's two letters, a domain in another script and the widespread
generic ones do: an address under a rarer one is recognised with its protocol (`https://…`), as every other is.
"""

_GENERIC = """
academy agency app apps art arpa asia audio auto bar beer best bike bio biz blog boutique build business cafe camp
care cars cash center chat church city click clinic cloud club coach codes coffee college com community company
computer cool coop coupons credit dance date dating deals delivery dental design dev digital direct directory
discount doctor dog domains download earth education email energy engineer events exchange expert express family fan
farm fashion film finance fish fitness florist food football forum foundation fun fund gallery game games garden
gift gifts global gold golf graphics green group guide guitars guru health help hockey holiday home horse hosting
hotel house immo info ink institute insure international investments jewelry jobs kitchen land lawyer legal life
lighting link live loan lol love management market marketing media menu mobi mobile moda money movie museum music
name net network news ngo ninja one ong online org page paris partners parts party pet photo photography photos
pictures pink pizza place plus post press pro productions property pub radio recipes red rent repair report
restaurant review reviews rocks run sale salon school science security services shoes shop show site ski soccer
social software solar solutions space sport store stream studio style support surf systems taxi team tech
technology tel tennis theater tickets tips today tools top tours town toys trade training travel university
vacations ventures vet video villas vip vision vote voyage watch website wedding wiki win wine work works world xyz
yoga zone ton
"""

_KNOWN = frozenset(_GENERIC.split())


def is_top_level(domain: str) -> bool:
    """Whether the last label of a host, in lower case, makes it an address."""
    if not domain.isascii():
        return len(domain) > 1 and domain.isalpha()
    return domain in _KNOWN or (len(domain) == 2 and domain.isalpha())
