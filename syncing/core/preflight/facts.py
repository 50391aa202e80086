"""Every fact that a rehearsal answers or has to leave open; docs/api-facts.md lists them too."""

from syncing.core.preflight.findings import Fact

TELL = "Tell EvoSync's makers"

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

VK_FACTS = (
    Fact("vk:host_answers", "VK's first host answers", no="VK_API_FALLBACK_URL is asked meanwhile"),
    Fact(
        "vk:certificate_trusted",
        "The certificate of VK's host is trusted",
        no="nothing is sent; make VK_CA_BUNDLE, see docs/operators.md",
        is_vital=True,
    ),
    Fact(
        "vk:fallback_answers",
        "The second host answers too",
        no="there is no way round an outage of the first; nothing else",
    ),
    Fact(
        "vk:login_trusted",
        "The certificate of VK's login is trusted",
        no="nobody can log in with VK; see docs/operators.md",
    ),
    Fact("vk:token_accepted", "VK accepts the token", no="the merchant connects VK again", is_vital=True),
    Fact(
        "vk:role",
        "The token's owner may edit the community",
        no="make them an editor of the community",
        is_vital=True,
    ),
    Fact(
        "vk:market_on",
        "Products are on in the community",
        no="turn Products on in the community",
        is_vital=True,
    ),
    Fact(
        "vk:roubles",
        "The shop counts in roubles",
        no="prices would be wrong: choose the rouble",
        is_vital=True,
    ),
    Fact(
        "vk:market_right",
        "The token has the right to products",
        no="see “The right to products” in docs/operators.md",
        is_vital=True,
    ),
    Fact(
        "vk:permissions_name_market",
        "`account.getAppPermissions` names the right",
        yes="not used",
        no="not used: EvoSync tries the right itself",
    ),
    Fact(
        "vk:extended_market",
        "The shop is an extended one",
        yes="nothing depends on it",
        no="orders and variants are not there; EvoSync uses neither",
    ),
    Fact(
        "vk:room_for_items",
        "The community has room for more items",
        no="goods that left long ago make room first",
    ),
    Fact(
        "vk:room_for_albums", "The community has room for more albums", no="the biggest groups get the albums"
    ),
    Fact(
        "vk:clock_agrees",
        "VK's clock and ours agree within a minute",
        no="set this host's clock: creates are told by their time",
    ),
    Fact("vk:answers_in_time", "VK answers within two seconds", no="runs take longer; nothing else"),
    Fact("vk:three_a_second", "VK takes three requests in a second", no="set VK_REQUESTS_PER_SECOND lower"),
    Fact(
        "vk:execute_pairs_errors",
        "In `execute` a failed call is `false`, with its error in order",
        no=f"results would go to other items. {TELL}",
        is_vital=True,
    ),
    Fact("vk:execute_takes_60_kb", "`execute` takes 60 KB of text", no="batches are halved until they fit"),
    Fact(
        "vk:unknown_parameters_ignored",
        "VK ignores parameters that it does not know",
        no="EvoSync sends none",
    ),
    Fact("vk:categories_nest", "Categories come as a tree", no="categories cannot be chosen; goods wait"),
    Fact(
        "vk:bulk_upload",
        "Two pictures at once become two photos",
        no="pictures go one by one; slower",
        is_vital=True,
    ),
    Fact(
        "vk:upload_address_lasts",
        "An upload address takes a second upload",
        no="a new address is asked for each time",
    ),
    Fact(
        "vk:hidden_at_once",
        "An item made with `deleted=1` is hidden at once",
        no=f"goods would show before their time. {TELL}",
        is_vital=True,
    ),
    Fact(
        "vk:photo_in_use_refused",
        "A photo of an item is refused for another one",
        no=f"after a lost answer an item could be made twice. {TELL}",
        is_vital=True,
    ),
    Fact(
        "vk:by_id_at_once",
        "`market.getById` shows a new item at once",
        no="an item made seconds before the next run would be taken for lost",
    ),
    Fact("vk:list_at_once", "`market.get` shows a new item at once", no="EvoSync looks by id and waits"),
    Fact(
        "vk:hidden_listed",
        "Hidden items are in `market.get` with `with_disabled`",
        no="hidden items would be taken for removed",
        is_vital=True,
    ),
    Fact(
        "vk:hidden_listed_with_variants",
        "They are there with `need_variants` too",
        yes="not used",
        no="not used",
    ),
    Fact("vk:hidden_left_out", "Without `with_disabled` they are left out", no="nothing depends on it"),
    Fact(
        "vk:hidden_is_2",
        "A hidden item has `availability` 2",
        no="1 is read as hidden too where the item is listed",
    ),
    Fact("vk:newest_first", "The newest item stands first", no="nothing depends on it"),
    Fact(
        "vk:sku_kept",
        "VK keeps the sku whole",
        no="a lost answer is resolved by the photo, and the map cannot be rebuilt from VK",
        is_vital=True,
    ),
    Fact("vk:sku_without_extended", "The sku is told without `extended` too", yes="not used", no="not used"),
    Fact(
        "vk:signs_come_plain",
        'Signs like & and " come back plain',
        yes="compared after unescaping",
        no="unescaped before they are compared",
    ),
    Fact(
        "vk:title_kept",
        "VK keeps a title as it was sent",
        no="what VK makes of it is remembered, so it is not sent again",
    ),
    Fact("vk:emoji_kept", "VK keeps an emoji in a title", no="what VK makes of it is remembered"),
    Fact(
        "vk:description_kept",
        "VK keeps line breaks and double spaces in a description",
        no="what VK makes of it is remembered",
    ),
    Fact(
        "vk:description_3000",
        "VK takes a description of 3,000 characters",
        no="it is shortened to what VK takes, and remembered",
    ),
    Fact(
        "vk:title_weight_100",
        "VK takes a title of weight 100 with quotes in it",
        no="it is shortened to what VK takes, and remembered",
    ),
    Fact(
        "vk:title_weight_101_refused",
        "VK refuses a title of weight 101",
        yes="as EvoSync assumes",
        no="titles could be longer than EvoSync makes them",
    ),
    Fact(
        "vk:link_in_description_refused",
        "VK refuses a link in a description (1408)",
        yes="EvoSync takes links out",
        no="EvoSync takes links out all the same",
    ),
    Fact(
        "vk:link_in_title_taken", "VK takes a link in a title", no="such goods are refused with their reason"
    ),
    Fact(
        "vk:kopecks_kept",
        "VK keeps kopecks in a price",
        no=f"prices would be sent at every run. {TELL}",
        is_vital=True,
    ),
    Fact(
        "vk:stock_kept",
        "VK keeps the stock",
        no="VK shows no stock here (a basic shop?); sold-out goods can only be hidden",
    ),
    Fact(
        "vk:stock_zero_kept",
        "VK keeps a stock of 0 apart from hidden",
        no="sold-out goods can only be hidden",
    ),
    Fact("vk:category_kept", "VK keeps the category", no="what VK makes of it is remembered"),
    Fact(
        "vk:section_taken",
        "VK takes a category that has others below it",
        yes="EvoSync uses only the lowest ones",
        no="EvoSync uses only the lowest ones",
    ),
    Fact("vk:edit_answers_1", "`market.edit` answers 1", no="EvoSync takes any answer that is no error"),
    Fact(
        "vk:nothing_to_change",
        "An edit without a change is answered with error 100",
        yes="counted as success",
        no="counted as success",
    ),
    Fact(
        "vk:edit_keeps_the_rest",
        "A partial edit keeps everything else, hidden too",
        no=f"an edit would show hidden goods. {TELL}",
        is_vital=True,
    ),
    Fact(
        "vk:own_photo_taken",
        "An item takes its own photo again",
        yes="not used",
        no="not used: pictures are sent only when they change",
    ),
    Fact(
        "vk:execute_writes",
        "`execute` takes writes of the market",
        no=f"EvoSync writes in no other way. {TELL}",
        is_vital=True,
    ),
    Fact(
        "vk:edit_seen_at_once",
        "`market.get` shows an edit at once",
        no="texts that were ours within ten minutes are no edit of the merchant's",
    ),
    Fact("vk:sku_cleared", "An empty sku clears it", yes="not used", no="not used"),
    Fact("vk:album_made", "A hidden album can be made", no="goods go without albums"),
    Fact("vk:album_takes_item_ids", "`market.addToAlbum` takes `item_ids`", no="goods go without albums"),
    Fact(
        "vk:album_twice_is_1404",
        "Adding an item again answers 1404",
        yes="counted as success",
        no="counted as success",
    ),
    Fact("vk:album_told_by_item", "An item tells its albums", no="albums would be filled again at every run"),
    Fact(
        "vk:album_goes_items_stay",
        "Deleting an album leaves its items",
        no=f"emptying albums would remove goods. {TELL}",
        is_vital=True,
    ),
    Fact("vk:deleted_unlisted", "A deleted item leaves the list", no="it would be taken for present"),
    Fact(
        "vk:deleted_not_by_id",
        "`market.getById` leaves a deleted item out",
        no="`availability` 1 is read as deleted",
    ),
    Fact(
        "vk:deleted_edit_is_1403",
        "Editing a deleted item answers 1403",
        no="it would not be made again until the next reading",
    ),
    Fact(
        "vk:sold_out_is_2",
        "A sold-out item has `availability` 2",
        why_not="a sold-out item that is not hidden would show in the shop",
    ),
    Fact(
        "vk:back_in_stock_shows",
        "An item back in stock is on sale without `deleted=0`",
        why_not="it would show in the shop",
    ),
    Fact(
        "vk:market_off_answers",
        "What `market.get` answers while Products are off",
        why_not="it would close the shop",
    ),
    Fact(
        "vk:item_limits",
        "15,000 items, 100 albums, 1,000 items an album, so many new ones a day",
        why_not="it would fill the shop; EvoSync learns each limit when it meets it",
    ),
    Fact(
        "vk:photo_lives",
        "How long an unused photo id and an upload address live",
        why_not="it would take days; both are used at once",
    ),
    Fact(
        "vk:photo_free_after_deletion",
        "A photo is free again after its item",
        why_not="it needs a second item; pictures are uploaded again",
    ),
    Fact(
        "vk:photos_saved_in_execute",
        "Photos can be saved inside `execute`",
        why_not="it would leave one more picture; they are saved outside",
    ),
    Fact(
        "vk:restore_window",
        "How long a deleted item can be restored",
        why_not="restoring might show it; EvoSync restores nothing",
    ),
    Fact(
        "vk:restored_by_merchant",
        "What a restored item of the merchant's looks like beside its successor",
        why_not="only the merchant restores on VK's pages",
    ),
    Fact(
        "vk:token_bound_to_address",
        "A token works from one address only",
        why_not="it needs a second address; this one works or the token is refused",
    ),
    Fact(
        "vk:refresh_lengthens_login",
        "Renewing a token lengthens the login beyond 180 days",
        why_not="it would take half a year; tokens are renewed daily",
    ),
    Fact(
        "vk:stock_falls_by_orders",
        "VK lowers the stock by its own orders",
        why_not="it needs an order; each run sends the till's stock",
    ),
    Fact(
        "vk:community_token_reads",
        "A community's token reads the shop",
        why_not="there is none here; EvoSync uses a person's",
    ),
    Fact("vk:newer_versions", "Versions above 5.199 answer alike", why_not="they are not published"),
    Fact(
        "vk:zero_price",
        "What a price of 0 or an old price below the price becomes",
        why_not="EvoSync sends neither",
    ),
)

FACTS = EVOTOR_FACTS + VK_FACTS
