"""Tells goods that VK does not take from ordinary ones, and says when it is not sure.

`classifier` asks in this order: the till's type, the name, the groups' names, the till's flags, and the
merchant's decisions. A name takes this way:

    spelling          letters, words, numbers, marks
    vocabulary        what a word or a brand may mean, found in word_index; shortened_words: what a cut
                      word is short for, meant_words: what an unknown one was meant as
    name_parser       terms in order, with what governs them; measures: what their numbers say
    head_noun         the noun that says what the product is
    name_classifier   the verdict: forbidden_nouns, ordinary_goods with accessories and soft_drinks;
                      generic_nouns where the noun says too little, names_without_noun where there is
                      none, with drink_words, cut_brands and packet_numbers; hints whether a brand is meant,
                      telling_words what only two words together say

Where a word belongs:

    words_ordinary        a noun that says a product is ordinary; its families differ in what may follow
    words_tobacco, words_drinks, words_medicine, words_other
                          nouns, brands and signs of what VK does not take. A brand that is no other word
                          is STRONG, one that is also a name is WEAK, a common word is COMMON
    words_more_tobacco, words_more_drinks, words_more_medicine
                          further brands in the same manner
    words_generic         a noun that says too little («капли», «баллончик») with the words that decide
    TELLING               two words that tell something only together («копия» and «Rolex»), in words_other
                          and words_tobacco; TELLING_ALONE: words that tell it by themselves
    set_phrases           two words that are harmless together («детское шампанское»)

A word is added with its neighbours, never for one product's sake, and with lines of
`tests/unit/core/test_restricted_verdicts.py` for what it finds and for what it must leave alone.
"""
