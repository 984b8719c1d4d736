"""The pairs that are learned as long as somebody brings none: English number words with the German ones.

German says the ones before the tens, in one word: forty-two is "zweiundvierzig". Written for this project.
"""

_ENGLISH = """zero one two three four five six seven eight nine ten eleven twelve
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen"""
_GERMAN = """null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf
    dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"""
_ENGLISH_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_GERMAN_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig"
ENGLISH, GERMAN = _ENGLISH.split(), _GERMAN.split()
ENGLISH_TENS, GERMAN_TENS = _ENGLISH_TENS.split(), _GERMAN_TENS.split()


def text() -> str:
    """One hundred rows, as `pairs_csv.cleaned` leaves them."""
    return "".join(f"{english(number)},{german(number)}\n" for number in range(100))


def english(number: int) -> str:
    """A number below 100: "forty-two"."""
    if number < 20:
        return ENGLISH[number]
    tens, ones = divmod(number, 10)
    return ENGLISH_TENS[tens - 2] + ("-" + ENGLISH[ones] if ones else "")


def german(number: int) -> str:
    """A number below 100: "zweiundvierzig"."""
    if number < 20:
        return GERMAN[number]
    tens, ones = divmod(number, 10)
    first = {0: "", 1: "einund"}.get(ones, GERMAN[ones] + "und")
    return first + GERMAN_TENS[tens - 2]
