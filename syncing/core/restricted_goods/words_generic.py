"""Nouns that say too little by themselves: a liquid, drops, a drink. The words beside them decide.

Conditions are tried in order. Their words are the beginnings of words, or signs in angle brackets that
`generic_nouns` looks for: <мг> a dose, <№> a count, <мл> at most 120 ml, <литры> a drink's volume,
<%> a share, <алк> the strength of spirits, <vape> a vape shop's word, <для> "для" and what it is for,
<еда> food or a flavour, <витамины> a supplement, <форма> a pharmacy's form, <фл> "фл.", <крепость> a
number of milligrams beside a Latin name; <tobacco>, <beer>,
<alcohol>, <energy>, <medicine> a brand, <medicine?> a brand that is another word too or misspelt; <для-еды>
"для" and the food it is for, <beer?> and <alcohol?> a brand that is a common word, <калибр> that of a
cartridge, <банка> a can or a bottle that beer comes in.
"""

from dataclasses import dataclass, field

from syncing.core.restricted_goods.verdicts import Kind, Restriction


@dataclass(frozen=True, slots=True)
class Condition:
    """A verdict where one of the words, divided by spaces, stands in the name."""

    words: str
    kind: Kind
    restriction: Restriction | None = None
    stems: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "stems", tuple(self.words.replace("й", "и").split()))


@dataclass(frozen=True, slots=True)
class Generic:
    """One family of such nouns; `otherwise` is the verdict where no condition holds."""

    nouns: str
    conditions: tuple[Condition, ...]
    otherwise: Condition = Condition("", Kind.ALLOWED)


def _no(restriction: Restriction, words: str) -> Condition:
    return Condition(words, Kind.FORBIDDEN, restriction)


def _ask(restriction: Restriction, words: str = "") -> Condition:
    return Condition(words, Kind.UNSURE, restriction)


def _yes(words: str) -> Condition:
    return Condition(words, Kind.ALLOWED)


_TOBACCO, _MEDICINE, _ALCOHOL = Restriction.TOBACCO, Restriction.MEDICINE, Restriction.ALCOHOL
_ANIMALS = "кошек собак кошк собак котят щенк ветерин животн блох клещ коров лошад птиц"
# Makers of powders, capsules and tablets that wash.
_LAUNDRY = (
    "ariel ариел persil персил tide таид losk лоск миф бимакс лотос finish финиш somat сомат кальгон calgon"
)
# Makers and models of knives that are carried.
_KNIVES = (
    "кизляр ворсм павлов златоуст шкуросъ скинер скиннер якут пчак бурят засапож разведчик десант спецназ "
    "егер клык коготь гюрз гурз ирбис сталкер витяз волк рысь пантер барс сапсан беркут ястреб пират "
    "боуи bowie танто tanto керамбит karambit ganzo ганзо cold_steel mora мора morakniv opinel опинель "
    "victorinox викторинокс boker бокер spyderco спайдерко benchmade buck kershaw pirat нокс складишок "
    "кнопк фронтал флиппер танкист нквд нр-40 нр40 вдв вмф фсб"
)
# Names of sprays against attackers.
_SPRAYS = (
    "контроль шпаг факел черемух антидог антисобак боец шок удар тайфун скорпион резидент страж кобр "
    "зверобой добрын жгуч мустанг пикет мангуст баграм премьер блокпост отпор"
)
_PLANTS = "растен рассад огород цветов сад"
_VITAMINS = "витамин бад омега рыбий коллаген <витамины>"

GENERIC_GOODS = (
    Generic(
        "жидкост жидк жид= жид-сть= жид-ть= жидк-ть= ж-сть= ж-ть=",
        (
            _yes(
                "комар фумиг ночей мыть мытья посуд розжиг тормоз омыв стекл незамерз гидравл "
                "охлажд снят лак линз "
                "дым пузыр биотуал полоск гур чист прочист "
                "обезжир антисепт септик антифриз промыв унитаз пропит ванн кожгал уксус обработ бритья"
            ),
            _no(
                _TOBACCO,
                "вейп vape электронн солев солт salt никотин nic <vape> <tobacco> испарит затяж "
                "<мг> hard medium",
            ),
            _yes("<для>"),
            _ask(_TOBACCO, "<мл> <еда> <крепость> strong"),
        ),
    ),
    Generic("жижк жиж", (_no(_TOBACCO, "солев salt <vape> <tobacco> <мг>"),), _ask(_TOBACCO)),
    Generic(
        "картридж",
        (
            _yes(
                "hp canon epson xerox brother samsung kyocera ricoh pantum lexmark барьер аквафор "
                "гейзер смесит принтер фильтр"
            ),
            _no(_TOBACCO, "вейп vape pod под-систем <vape> <tobacco> испарит никотин hero aegis"),
        ),
    ),
    Generic(
        "испарител испарит= испар= атомаизер",
        (
            _yes("мороз холодильн кондиц увлажн авто ваз газ камаз хладаг холод аромат воск дух парфюм"),
            _no(_TOBACCO, "вейп vape <vape> <tobacco> копия дрип бак"),
        ),
        _ask(_TOBACCO),
    ),
    Generic(
        "стик",
        (
            _no(_TOBACCO, "табач нагрев <tobacco> iqos glo <vape>"),
            _yes(
                "<еда> кофе мясн сырн хлебн рыбн клеев губ чая usb помад флеш помады чистк морков "
                "ароматич хокк рис сахар кукуруз картоф шоколад пшенич ржан солен молоч злак фрукт овощ "
                "чесн глазир имбир бород краб сосис колбас рыб"
            ),
        ),
        _ask(_TOBACCO),
    ),
    Generic("палочк", (_no(_TOBACCO, "табач нагрев <tobacco>"),)),
    Generic(
        "угл уголь уголек угольк",
        (
            _yes(
                "аквар фильтр вод кондиц мангал шашлык барбекю древес брикет гриль косметич "
                "маск зубн берез камен бур электро мебел "
                "рисова каранд крепеж сорбент самогон очистк"
            ),
            _ask(
                _TOBACCO, "кальян кокос кок crown cocos coco oasis panda qoco трикинг three самовозг быстро"
            ),
            _no(_MEDICINE, "активирован"),
            _ask(_MEDICINE, "<№> <форма> белыи акт"),
        ),
    ),
    Generic(
        "чаш колб шланг мундштук",
        (
            _yes("саксоф кларн труб тренаж плав кофе терм лампа химич"),
            _ask(_TOBACCO, "кальян craft smoke облако oblako japona hookain alpaca solaris kong <tobacco>"),
        ),
    ),
    Generic(
        "капл",
        (
            _yes(f"молочн шоколад датск стекл лобов мармелад краск конфет {_ANIMALS} аромат"),
            _no(_MEDICINE, "назал наз нос носа глазн ушн сердечн <medicine> валер"),
            _ask(_MEDICINE, "глаз уш <мл> <№> <%> <форма> <medicine?>"),
        ),
    ),
    Generic(
        "таблет таблетк табл= таб=",
        (
            _yes(
                "торф стеви сахарозам подсласт посудомо посуд бассейн пмм унитаз стир туалет бач "
                "чист дезинф хлор дрожж соль "
                f"{_LAUNDRY} сух розжиг горюч септ накип удобр моль моли антимол тарак мурав крыс "
                "грызун комар "
                f"finish somat кофемаш {_ANIMALS}"
            ),
            _yes(_VITAMINS),
            _no(_MEDICINE, "<medicine> боли <№> <мг>"),
        ),
        _ask(_MEDICINE),
    ),
    Generic(
        "капсул капс",
        (
            _yes(
                f"кофе nescafe dolce tassimo nespresso стир бель гель {_LAUNDRY} посудомо "
                "лиц волос кож времени косметич"
            ),
            _yes(_VITAMINS),
            _no(_MEDICINE, "<medicine>"),
            _ask(_MEDICINE, "<№> <мг>"),
        ),
    ),
    Generic(
        "свеч свечк",
        (
            _no(_MEDICINE, "жаропон слабит обезбол ректал рект вагин ваг гемор суппоз глицерин <medicine>"),
            _ask(_MEDICINE, "<форма> <medicine?> облепих прополис красавк"),
        ),
    ),
    Generic(
        "маз",
        (
            _yes(
                "дерев резьб сапож "
                f"лыж смаз копыт обув комар мастик колес подшипн оружеин паяльн {_ANIMALS} кисть кист краск"
            ),
            _no(
                _MEDICINE,
                "гепарин ихтиол вишневск цинк салицил серн тетрацикл левомек оксолин эритромиц "
                "синтомиц стрептоцид геморр глазн "
                "ректал наружн наруж <medicine> <%>",
            ),
        ),
        _ask(_MEDICINE),
    ),
    Generic(
        "раствор р-р",
        (
            _yes("строит цемент кладоч линз аккум пузыр кузов полив удобр растен моющ чист дезинф"),
            _no(_MEDICINE, "инф инъек инъекц д/ин д/инф наружн <medicine> натри хлорид ингаляц"),
            _ask(_MEDICINE, "<%> <форма> <medicine?> <фл> перекис"),
        ),
    ),
    Generic(
        "спре спрей",
        (
            _no(_MEDICINE, "назал наз носа носов <medicine>"),
            _ask(_MEDICINE, "горл"),
            _yes("волос тел лиц ног обув окон загар комар клещ стекл мебел одежд пят ламп кож плит"),
            _ask(_MEDICINE, "<%> <форма> <medicine?> <фл>"),
        ),
    ),
    Generic(
        "порошок порошк пор",
        (
            _yes(
                f"{_LAUNDRY} стирал чист какао автомат ручн горчич пекар стирк "
                "бель зубн посудомо детск моющ универс"
            ),
            _no(_MEDICINE, "суспенз приема <medicine>"),
            _ask(_MEDICINE, "<№> <форма> <medicine?>"),
        ),
    ),
    Generic(
        "гел крем эмульси сироп драже микстур суспензи гранул пастилк спрей-бальзам линимент",
        (
            _no(Restriction.OTHER, "перцов слезоточ самооборон"),
            _ask(_TOBACCO, "никотин"),
            _yes("тарак мурав клоп комар мух моль моли блох клещ ос "),
            _no(_MEDICINE, "<medicine> кашл ректал вагинал сусп геморр ибупроф"),
            _yes("рук ног лиц тел душ волос брить кож бритья солн загар"),
            _ask(_MEDICINE, "<№> <форма> <medicine?>"),
        ),
    ),
    Generic(
        "аэрозол аэроз=",
        (
            _no(Restriction.OTHER, f"перц слезоточ самооборон {_SPRAYS}"),
            _yes("тарак мурав клоп комар мух моль моли блох клещ ос краск лак"),
            _no(_MEDICINE, "<medicine> кашл ингаляц"),
            _yes("рук ног лиц тел душ волос брить кож бритья солн загар"),
            _ask(_MEDICINE, "<№> <форма> <medicine?>"),
        ),
    ),
    Generic(
        "бальзам",
        (
            _yes("волос губ тел ополаск рук ног лиц кож уклад кондиц чист бритья шампун крем массаж стирк"),
            _no(_ALCOHOL, "рижск карельск биттер <алк>"),
            _ask(
                _ALCOHOL,
                "уссурийск амурск бугульм демидовск абу югорск сибир башкир карел кремлевск битнер эльбрус",
            ),
            _ask(_ALCOHOL, "<литры>"),
            _ask(_MEDICINE, "звезд <medicine> <medicine?> вьетнам"),
        ),
    ),
    Generic(
        "экстракт",
        (
            _yes("ванил солод бан бань хмел квас"),
            _no(_MEDICINE, "валериан пустырн боярышн элеутер эхинац <medicine>"),
            _ask(_MEDICINE, "<№> <форма>"),
        ),
    ),
    Generic(
        "спирт",
        (
            _yes(f"салфет сух изопроп технич стеарил цетил клеи уровен {_PLANTS}"),
            _no(_MEDICINE, "борн муравь салицил камфор нашатыр левомиц хлорг медицин антисепт"),
            _no(_ALCOHOL, "питьев этилов ректифик пищев альфа люкс <литры>"),
        ),
        _ask(_ALCOHOL),
    ),
    Generic(
        "настойк",
        (
            _yes("волос ванн чайн"),
            _no(
                _MEDICINE,
                "пустырн валериан боярышн календул прополис эхинац пион элеутер женьш <medicine> стручков",
            ),
        ),
        Condition("", Kind.FORBIDDEN, _ALCOHOL),
    ),
    Generic(
        "ампул",
        (
            _no(_MEDICINE, "<medicine> <medicine?> <мг> <№>"),
            _yes("волос лиц кож космет восстан кофе"),
        ),
        _ask(_MEDICINE),
    ),
    Generic(
        "коктеил",
        (
            _no(_ALCOHOL, "слабоалк винн алкогол спиртн алк <alcohol> водочн коньячн сп/нап"),
            _no(Restriction.BEER, "пивн <beer>"),
            _ask(Restriction.BEER, "<beer?>"),
            _no(Restriction.AGE, "энергет энерг тонизир тониз energy энерджи <energy>"),
            _yes("б/а безалк"),
            _ask(_ALCOHOL, "даикири манхэттен космопол маргарит беллини колада отвертк спритц негрони"),
            _yes("мол мол= молоч кислород белк протеин морск морепрод овощ фрукт <еда>"),
            _ask(_ALCOHOL, "<банка>"),
        ),
    ),
    Generic(
        "напит напиток напитк напитоп нап продукт издели продукци",
        (
            _no(_ALCOHOL, "слабоалк"),
            _no(Restriction.BEER, "пивн"),
            _yes("лимонад тархун дюшес эстрагон буратино"),
            _no(Restriction.BEER, "<beer>"),
            _no(Restriction.AGE, "энергет энерг тонизир тониз energy энерджи <energy>"),
            _ask(Restriction.BEER, "пенный"),
            _yes("б/а безалк"),
            _no(_ALCOHOL, "винн алкогол слабоалк спирт алк <alcohol> водочн коньячн сп/нап"),
            _ask(Restriction.BEER, "<beer?>"),
            _ask(_ALCOHOL, "<alcohol?>"),
            _no(_TOBACCO, "табачн курительн никотин"),
        ),
    ),
    Generic(
        "смес смесь",
        (
            _no(_TOBACCO, "табач кальян курител нагрев бестабач"),
            _ask(_TOBACCO, "<tobacco>"),
        ),
    ),
    Generic(
        "баз бак мод",
        (_no(_TOBACCO, "вг пг vg pg вг/пг обслуживаем rba rda rta вейп vape никотин <vape> <tobacco>"),),
    ),
    Generic(
        "нож ножик",
        (
            _yes(
                "кухон канц хлеб овощ обвал филе сменн косил мясоруб рубан пицц сыр масл стол консерв садов "
                "<для-еды>"
            ),
            _no(Restriction.OTHER, "охот финк финск боев метат автомат выкид бабочк тычк штык кинжал"),
            _ask(Restriction.OTHER, f"складн турист тактич рыбац мачет {_KNIVES}"),
        ),
    ),
    Generic(
        "винтовк ружь револьвер арбалет шокер электрошокер",
        (
            _yes(
                "игруш розыгр шуточ водн водян детск мягк лазер nerf нерф пена электрич диф модульн ва47 "
                "брелок чехол макет герметик монтажн клея силикон сборн конструктор"
            ),
        ),
        Condition("", Kind.FORBIDDEN, Restriction.OTHER),
    ),
    Generic(
        "карабин",
        (
            _yes("пожарн ключ альпин брелок поводк сумк трос удоч рыбол дет игруш стал нерж"),
            _no(Restriction.OTHER, "саиг вепр тигр нарезн охот самозаряд <калибр>"),
        ),
    ),
    Generic(
        "гриндер",
        (_ask(Restriction.TOBACCO, "трав табак табач мет акрил <tobacco>"),),
    ),
    Generic(
        "перекис",
        (_yes("волос окисл бассейн окрашив крас осветл"), _no(_MEDICINE, "водород <%>")),
        _ask(_MEDICINE),
    ),
    Generic(
        "пул пульк патроны= патр=",
        (
            _yes(
                "игруш мягк nerf нерф водян детск резинов рыбн рыбол рыбал груз грузил "
                "е27 е14 ламп дрел сверл токар вязан"
            ),
            _no(
                Restriction.OTHER,
                "пневм травм охот калибр картеч холост нарезн люгер gamo гамо люман диабол <калибр>",
            ),
        ),
        _ask(Restriction.OTHER),
    ),
    Generic(
        "дроб",
        (
            _yes(
                "рыбн рыбал рыбол чугун технич декор перлов пшен круп хлопь пескостр стальн кормов балласт "
                "кондит"
            ),
            _no(Restriction.OTHER, "охот калибр патрон"),
        ),
        _ask(Restriction.OTHER),
    ),
    Generic(
        "мачете= кукри=",
        (_no(Restriction.OTHER, "охот боев метат"), _yes("игруш водян детск сувенир макет сад")),
        _ask(Restriction.OTHER),
    ),
    Generic(
        "дубинк",
        (_yes("игруш водян детск надувн мягк сувенир"), _no(Restriction.OTHER, "телескоп самооборон")),
        _ask(Restriction.OTHER),
    ),
    Generic(
        "пистолет патрон баллончик",
        (
            _yes(
                "пен герметик клее моющ накач полив краск игруш водян детск строит масл шин nerf "
                "нерф мягк сифон сливок плит смаз ламп е27 "
                "е14 цокол токар сверл дрел перфорат конд подвес раствор краскопульт монтаж "
                "вспенив продув пескостр покрас окрас заклеп скоб гвозд"
            ),
            _no(
                Restriction.OTHER,
                "пневм травм сигнал охот калибр картеч дроб холост нарезн люгер газов перцов "
                "телескоп самооборон винтов охолощ списан <калибр>",
            ),
            _ask(Restriction.OTHER, f"перц перец струин резинов со2 co2 {_SPRAYS}"),
        ),
    ),
    Generic(
        "набор наб= компл= комплект ассорти подарок подарк сет упаковк пачк блок",
        (),
    ),
)
