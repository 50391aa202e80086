"""What a rehearsal asks Evotor, and what it has to leave open."""

from syncing.core.preflight.findings import TELL, Fact

EVOTOR_FACTS = (
    Fact(
        "evotor:certificate_trusted",
        "Evotor's certificate is trusted",
        no="nothing is sent; set EVOTOR_CA_BUNDLE",
        is_vital=True,
    ),
    Fact(
        "evotor:token_accepted",
        "Evotor accepts the token",
        no="the merchant connects Evotor again",
        is_vital=True,
    ),
    Fact("evotor:has_stores", "The account has a store", no="there is nothing to read", is_vital=True),
    Fact(
        "evotor:products_readable",
        "Products of every store can be read",
        no="install the app on every till of the stores named; the others go on",
    ),
    Fact(
        "evotor:quantity_told",
        "Products tell their stock",
        no="give the app the right to stock; until then items stay at their last stock",
    ),
    Fact(
        "evotor:price_told",
        "Every product tells its price",
        no="those without one keep their last price, or stay out",
    ),
    Fact(
        "evotor:more_than_a_page",
        "A store has more products than one page",
        yes="the number of a page is the page's size",
        no="the page's size stays unknown; nothing depends on it",
    ),
    Fact("evotor:limit_honoured", "`limit` makes pages smaller", yes="not used", no="not used"),
    Fact(
        "evotor:cursor_goes_alone",
        "A cursor alone leads to the next page",
        no=f"lists would not be read to the end. {TELL}",
        is_vital=True,
    ),
    Fact(
        "evotor:rate_limit_told",
        "Answers tell how many requests are left",
        yes="the last ones of a window are spread",
        no="EvoSync learns of the limit by 429 only",
    ),
    Fact(
        "evotor:since_filters",
        "`since` leaves older products out",
        no="a push reads the whole store; slower, still right",
    ),
    Fact(
        "evotor:since_inclusive",
        "`since` includes its own moment",
        yes="the overlap of ten minutes is more than enough",
        no="covered by the overlap of ten minutes",
    ),
    Fact(
        "evotor:since_on_groups",
        "Groups take `since` too",
        yes="not used: groups are read whole",
        no="not used: groups are read whole",
    ),
    Fact(
        "evotor:unknown_product_is_404",
        "A product that is not there answers 404",
        no="a vanished product would not be recognised by a single look",
    ),
    Fact(
        "evotor:unknown_token_is_401",
        "A token that Evotor does not know answers 401",
        no="a dead connection might be taken for a passing fault",
    ),
    Fact(
        "evotor:images_served",
        "Pictures of products are served",
        yes=f"EvoSync could use them. {TELL}",
        no="as EvoSync assumes: merchants add photos here",
    ),
    Fact("evotor:version_1_answers", "Version 1 still answers", yes="not used", no="not used"),
    Fact(
        "evotor:removed_are_marked",
        "Removed products stay in the list with a mark",
        yes=f"EvoSync takes them for present. {TELL}",
        no="as EvoSync assumes: they vanish",
    ),
    Fact(
        "evotor:ids_shared_by_stores",
        "Stores share product ids",
        yes="each store's product is one of its own here",
        no="each store's product is one of its own here",
    ),
    Fact(
        "evotor:groups_all_there",
        "Every product's group is in the list of groups",
        no="such products count as those without a group",
    ),
    Fact(
        "evotor:clock_agrees",
        "Evotor's clock and ours agree within a minute",
        no="set this host's clock; beyond ten minutes pushes may miss changes",
    ),
    Fact(
        "evotor:answers_in_time",
        "Evotor answers within two seconds",
        no="reading the till takes longer; nothing else",
    ),
    Fact(
        "evotor:sale_moves_updated_at",
        "A sale moves a product's `updated_at`",
        why_not="it needs a sale. By hand: sell one piece, then compare `updated_at` in the support bundle",
    ),
    Fact(
        "evotor:push_on_every_change",
        "Evotor pushes on edits, deletions and sales",
        why_not="it needs changes in the till. By hand: make each, and look at Webhook events in the admin",
    ),
    Fact(
        "evotor:group_takes_its_products",
        "Deleting a group deletes its products",
        why_not="it would delete a merchant's goods",
    ),
    Fact(
        "evotor:token_ends_on_reinstall",
        "A reinstall ends the old token",
        why_not="it needs a reinstall; EvoSync takes whichever token comes last",
    ),
    Fact(
        "evotor:cursor_lives_for_minutes",
        "A cursor lives for minutes",
        why_not="it would take as long to find out; a cursor is used at once",
    ),
    Fact(
        "evotor:partly_installed_is_402",
        "402 means that one till of several lacks the app",
        why_not="it needs a store with several tills; such a store is left alone either way",
    ),
)
