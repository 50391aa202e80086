"""Beer, wine, spirits and energy drinks; `vocabulary` says how the lists are written."""

BEER_NOUNS = """
пив:о пивк:о пивас: пивасик: пивчанск:ое сидр: пуаре= медовух:а бирмикс: beermix beer bier cider вайцен:
weissbier pilsner вайсбир: вайсбиер: neipa dipa нейпа= ламбик: lambic хеллес: дункель= dunkel дуббель=
трипель= пилснер: пильзнер: пилзнер: pilsener
"""
# A steak, a letter, a camp: forbidden only beside a hint.
BEER_WEAK_NOUNS = """
гозе гезе gose geuze kriek квадрупель helles sour_ale
эль стаут портер лагер ale lager stout porter ipa апа ипа пилс weizen брага
"""
BEER_ADJECTIVES = """
пивн
"""
# What beer is called by where the noun is left out: "Чешское разливное".
BEER_SORTS = """
светл темн жив разливн разлив нефильтрованн фильтрованн пастеризованн непастеризованн бархатн барн бочков
немецк чешск баварск жигулевск пшеничн крепк янтарн ирландск бельгийск английск хмельн монастырск кегов
классическ мюнхенск пражск австрийск венск мартовск таежн рижск ячменн солодов осветленн легк оригинальн
полутемн традиционн двойн богемск шотландск староград сибирск волжск московск живительн бочк крафтов
премиальн ледян
"""
# Of these, what is hardly said of anything else.
BEER_SORTS_SURE = """
разливн нефильтрованн фильтрованн непастеризованн пастеризованн барн бочков кегов жигулевск жив
"""
BEER_STRONG = """
lindemans линдеманс бланш_де_намюр blanche_de_namur бланш_де
garage_hard балтика baltika арсенальное gosser гессер гесер оболонь клинское туборг tuborg карлсберг
carlsberg хейнекен хайнекен heineken амстел amstel сибирская_корона жатецкий_гусь zatecky_gus
велкопоповицкий_козел велкопоповицкий velkopopovicky_kozel velkopopovicky козел_темное козел_светлое
козел_премиум kozel_premium крушовице krusovice златый_базант zlaty_bazant доктор_дизель dr_diesel
эфес_пилсен эфес_пилсенер efes_pilsen efes_pilsener stella_artois стелла_артуа стела_артуа corona_extra
корона_экстра ярпиво ярпива бочкарев старый_мельник золотая_бочка хамовники трехсосенское булгарпиво
хугарден hoegaarden гиннес гиннесс guinness guiness paulaner пауланер holsten хольстен гольстен grolsch
гролш жигулевское жигули_барное барное_жигули левенбрау левенброй левенброу lowenbrau spaten шпатен
krombacher кромбахер будвайзер budweiser бадвайзер старопрамен staropramen лидское аливария alivaria
miller_genuine миллер_дженьюин bud_light бад_лайт охота_крепкое охота_зимнее невское_светлое
невское_классическое невское_империал lapin_kulta лапин_культа warsteiner варштайнер bitburger битбургер
erdinger эрдингер franziskaner францисканер leffe леффе лефф_блонд лефф_брюн лефф_бран kronenbourg
кроненбург кроненбург_бланк blanc_1664 1664_blanc asahi_super асахи_супер tsingtao циндао desperados
десперадос peroni перони birra_moretti шимэ rochefort westmalle orval_trappist delirium_tremens трехгорное
афанасий_доброе афанасий_домашнее львiвське чернiгiвське черниговское_светлое оболонь_светлое obolon
хадыженское хадыжинское василеостровское бир_хаус karmi_sensual essa_лайм эсса_лайм seth_rileys seth_riley
garage_lemon гараж_лимон гараж_хард сет_энд_райлис seth_and_riley jaws_brew джоуз_эль af_brew афброу
балтийское_крепк doctor_diesel somersby сомерсби strongbow стронгбоу мистер_лис mr_lis мартирэй marty_ray
blazer_сидр блейзер_сидр гордон_финест kilkenny килкенни murphys_irish krusovice_cerne gambrinus
гамбринус pilsner_urquell пилснер_урквел пилзнер_урквел радегаст балтика_9 клинское_светлое ловенбрау
букет_чувашии кер_сари большая_кружка_янтарн окское_живое окское_бочков русич_крепк искусство_варить
трое_в_лодке чешский_старовар велкопоповицке дон_живое сиб_корона ст_мельник ст_мельник_из_бочонка
хакер-пшорр hacker-pschorr аугустинер augustiner будвар budvar blanche_de_bruxelles бланш_де_брюссель
tripel_karmeliet newcastle_brown алдарис aldaris швитурис svyturys утенос utenos калнапилис kalnapilis
чешский_бар баварский_бочонок немецкий_пивовар владпиво степан_разин сп_разин халзан ячменный_колос
уральский_мастер пятый_океан киликия kilikia котайк kotayk натахтари natakhtari xirdalan четыре_пивовара
хмельной_монах гримберген grimbergen гаредж оттингер эттингер oettinger royal_dutch holland_import
bear_beer 5.0_original singha сингха bintang крынiца le_coq_пиво efes_пилс балт_3 балт_7 балт_9 балт_0
"""
BEER_WEAK = """
три_медведя белый_медведь большая_кружка zubr бархатное очаковское sapporo сапоро harbin харбин taiwan
моретти duvel афанасий львовское черниговское майкопское barnaul барнаульское шихан крюгер mythos пикур
бакунин mad_max holba radegast samson бочковое тинькофф пятницкое черновар петровское bud kozel окское
горьковское efes эстрелла estrella асахи чанг chang tinkoff бавариа кроне krone бирхаус барное сормовское
виндар salden эсса essa redds редс сварогъ chimay
бекс becks кармелит karmeliet kwak мерфис murphys ньюкасл newcastle kirin кирин пшеничка хмельнов
чебоксарское волжанин самко вятич ирбитское исетское тагильское ворсинское бочкари абаканское хакасское
читинское хасанское ульяновское речицкое крыница славутич рогань карьяла karjala факсе faxe эребуни erebuni
гюмри gyumri салденс циллерталь zillertal le_coq saku саку бобров konix моздокское хуч hooch revo рево

"""
BEER_COMMON = """
бакалар bakalar кельш kolsch крик эссе apa апа белый_медв
эдельвейс edelweiss бавария ледокол кулер крепыш афоня бирка хмельницкое зубр невское очаково sol garage
bernard бернард жигули приятель охота бад miller миллер козел русич гараж эфес bavaria толстяк corona
стелла stella ipa апа asahi
бочкаревъ пермское губернское томское самарское алтайское купеческое вятское дальневосточное южное дон
красный_восток гулливер дв_светл брно тайгер tiger атлас atlas медвежье хазар казбеги терек тянь-шань
трофи trophy казанова манчестер соль_пиво ставропольское владикавказское карагандинское солодов
пенное гастрономическое моздок кроне балтийское арго
"""
BEER_SIGNS = """
н/ф кег кега разливное розлив разлив пэтф ж/б жб ст/б с/б пивоварня крафт крафтовое svetle cerne
"""
# Beer and wine are neuter, and called by their towns: «Ямское 1,25».
OF_A_TOWN = ("ское", "цкое")
# How tills shorten «с алкоголем», «слабоалкогольный».
WITH_ALCOHOL = frozenset({"алк", "сл/алк", "с/алк"})
ALCOHOL_NOUNS = """
водк:а водочк:а vodka коньяк:,и коньячок: cognac бренди= brandy вин:о винишк:о винцо= wine vino шампанск:ое
champagne игрист:ое просекко= prosecco виски= вискарь: whisky whiskey bourbon текил:а tequila мескал: mezcal
ликер:,ы ликерчик: liqueur абсент: absinthe настойк:а,и наливк:а,и вермут: vermouth портвейн: портвешок:
портвейнов кагор: херес: самогон: грапп:а grappa кальвадос: соджу= soju арманьяк: armagnac писко= самбук:а
sambuca лимончелло= limoncello пастис: pastis умешу= умэсю= umeshu мецкал:ь макколи= макгелли= makgeolli
ракия= ракию= ракии= rakia ракы= raki палинк:а palinka сливовиц:а slivovitz маотай: moutai улянье= хуанцзю=
эрготоу= сочжу= сётю= авамори= сотол: киршвассер: тутовк:а кизиловк:а калгановк:а полугар: первач: ерофеич:
ouzo mezcal akvavit aquavit calvados хреновух:а перцовк:а зубровк:а кедровк:а клюковк:а вишневк:а рябиновк:а
спотыкач: настоечк:а,и наливочк:а,и медовушк:а виноматериал:,ы джин-тоник: алкоголь: алкогол:ь
слабоалкоголк:а слабоалк= бухл:о кашас:а бехеровк:а becherovka спуманте= spumante просеко= кремант: cremant
арцах_тутов креман:,ы егермейстер: аквавит: шнапс: schnapps байцзю= спиртн:ое горилк:а джинтоник: gintonic
шампусик:"""
# A name, a flavour, a colour: forbidden only beside a hint.
ALCOHOL_WEAK_NOUNS = """
jin узо портв арак арака дистиллят дистил дистилл arak sake сочу кирш шартрез бенедиктин креман розе марсала
фернет амаро нас-ка наст-ка нст-ка грог крюшон сангрия аперитив биттер
вдк вод-ка в-ка к-к конь-к кон-к кньк вск wisky wiski viski ром джин rum gin старка саке сакэ скотч
брют бурбон мадера
чача глинтвейн шампань
"""
# Behind "с", in a drink.
MIXED_IN = """
ромом джином элем абсентом портвейном вермутом хересом пуншем грогом текилой пастисом самбукой ликером
бренди виски бурбоном скотчем кальвадосом граппой чачей саке сидром глинтвейном шампанским просекко кампари
апероль
"""
ALCOHOL_ADJECTIVES = """
винн водочн коньячн алкогольн слабоалкогольн спиртн ликерн ромов шампанск
"""
ALCOHOL_STRONG = """
старый_таллин old_tallinn vana_tallinn вана_таллин шейк_даикири шейк_мохито shake_daiquiri shake_mojito
джин_тоник gin_tonic jin_tonic джин_энд_тоник gin_and_tonic ром_кола rum_cola виски_кола whisky_cola
whiskey_cola водка_тоник водка_энергетик скотч_виски scotch_whisky куба_либре cuba_libre напареули napareuli
пуйи-фюме pouilly-fume бордо_супериор bordeaux_superieur вальполичелла valpolicella бардолино bardolino
барбареско barbaresco barolo брунелло_ди brunello амароне_делла amarone монтальчино montalcino альбариньо
albarino верментино vermentino гарганега пекорино_терре фиано_ди неро_д_авола неро_давола nero_davola
рибера_дель ribera_del виньо_верде виньо_верди vinho_verde пино_гри пино_блан пино_менье pinot_gris
pinot_blanc марльборо_совиньон гренаш grenache мурведр mourvedre пинотаж pinotage грюнер_вельтлинер
gruner_veltliner сент-эмильон saint-emilion сен-эмильон сент_эмильон кот-дю-рон cotes-du-rhone кот_дю_рон
cotes_du_rhone шатонеф chateauneuf божоле_нуво сансер_блан sancerre франчакорта franciacorta кремант_де
красностоп цимлянск_черный цимлянское_игрист сибирьковый кокур_бел усахелаури оджалеши тавквери чинури
мцване хихви саперави_квеври пуркари purcari негру_де_пуркари гран_крю grand_cru премьер_крю гран_резерва
gran_reserva famous_grouse_finest фамос_граус фэймос_граус грандс grants_triple ricard_pastis чамисуль
chamisul chum_churum чум_чурум jinro драмбуи drambuie галлиано galliano франгелико frangelico фернет_бранка
fernet_branca саузерн_комфорт southern_comfort ликор_43 licor_43 тиа_мария tia_maria апероль_шприц
лонг_айленд long_island choya чойя дюбонне dubonnet fragolino фраголино мускатель бастардо cru_lermont
шампанское_абрау абрау три_семерки белая_сова ной_традиционн ной_классик don_simon torres_10 торрес
cinzano_bianco fanagoria_cru усадьба_перовских ведерников агора_инкерман зб_вайн zb_wine кадарка
букет_абхазии апсныда мартини_бьянко martini_bianco martini_asti martini_rosso martini_fiero
martini_prosecco мартини_асти мартини_россо hennessy hennesy хеннесси хенесси хеннеси jack_daniels
jack_daniel jack_daniel_s джек_дэниелс джек_дэниэлс джек_дениелс джек_дэниэл jameson джемесон джеймсон
johnnie_walker jonnie_walker джонни_уокер джонни_вокер red_label black_label ред_лейбл блэк_лейбл
white_horse вайт_хорс уайт_хорс ballantines ballantine_s balantines баллантайнс белантайнс баллантайн
baileys бейлис бейлиз jagermeister jagermaister егермейстер ягермейстер bacardi бакарди captain_morgan
капитан_морган absolut finlandia граф_ледофф русская_валюта зеленая_марка пять_озер пять_озёр старая_казань
апероль aperol campari кампари jim_beam джим_бим olmeca ольмека chivas чивас chivas_regal чивас_ригал
beefeater бифитер бифитэр виноградный_день мондоро mondoro рижский_бальзам рижский_черный карельский_бальзам
чинзано cinzano nemiroff немиров немирофф хортица_платинум хлебный_дар беленькая_люкс beluga_noble
beluga_vodka царская_золотая медофф мягков_серебр архангельская_северн беловодка чистые_росы stolichnaya
moskovskaya московская_особая добрый_медведь sauza сауза jose_cuervo хосе_куэрво sierra_silver
sierra_tequila espolon эсполон don_julio havana_club гавана_клуб havana_anejo баркардо zacapa закапа
diplomatico дипломатико oakheart оакхарт bombay_sapphire бомбей_сапфир гордонс hendricks хендрикс
whitley_neill tanqueray танкерей famous_grouse фэймос_граус william_lawsons william_lawson_s уильям_лоусонс
вильям_лоусонс вилльям_лоусон william_peel dewars дюарс glenfiddich гленфиддик glenlivet glenmorangie
macallan макаллан laphroaig talisker monkey_shoulder tullamore_dew тулламор талламор bushmills бушмилс
proper_twelve makers_mark wild_turkey fox_and_dogs фокс_энд_догс steersman courvoisier курвуазье remy_martin
реми_мартин martell мартель meukow мартель_vs старый_кенигсберг старый_кёнигсберг три_звездочки
пять_звездочек kvint becherovka бехеровка cointreau куантро kahlua калуа sheridans шериданс amaretto
амаретто disaronno дисаронно абрау_дюрсо абраудюрсо abrau_durso советское_полусл советское_шамп
советское_п/сл советское_брют российское_п/сл российское_полусл лев_голицын лева_голицын bosca боска_розе
bosca_anniversary санто_стефано santo_stefano мондоро_асти асти_мартини асти_мондоро ламбруско lambrusco
moet_chandon моет_шандон veuve_clicquot вдова_клико dom_perignon cristal_roederer massandra массандра
inkerman инкерман фанагория fanagoria шато_тамань chateau_tamagne мысхако золотая_балка zolotaya_balka
коктебель крымское_игрист киндзмараули kindzmarauli хванчкара khvanchkara алазанская_долина алазанск_дол
мукузани саперави saperavi цинандали tsinandali ахашени ркацители твиши вазисубани каберне_совиньон
cabernet_sauvignon каберне cabernet merlot шардоне chardonnay пино_нуар pinot_noir пино_гриджио pinot_grigio
совиньон_блан sauvignon_blanc рислинг riesling алиготе темпранильо tempranillo кьянти chianti монтепульчано
montepulciano primitivo санджовезе sangiovese мальбек malbec карменер carmenere rioja beaujolais токайское
гевюрцтраминер зинфандель вердехо verdejo совиньон кава_брют монастырская_изба монастырская_трапеза
бычья_кровь душа_монаха арбатское_бел изабелла_п/сл портвейн_777 портвейн_72 три_топора бульбаш bulbash
финский_лед stumbras штумбрас green_mark кедровица три_реки_чист сормовская_люкс nucky_thompson наки_томпсон
hankey_bannister хэнки_бэннистер хенки_баннистер clan_macgregor клан_макгрегор scottish_collie скотиш_колли
label_5 лейбл_5 лэйбл_5 passport_scotch 100_pipers vat_69 cutty_sark катти_сарк black_velvet canadian_club
evan_williams highland_fold old_monk el_jimador metaxa метакса сараджишвили sarajishvili шустов_коньяк
four_roses green_baboon fruko_schulz фруко_шульц de_kuyper ксента xenta молинари molinari медная_лошадь
хлебная_слеза русский_размер вальс_бостон снежная_королева_водк зимняя_деревенька молоко_любимой_женщины
милк_оф_лав liebfraumilch гай-кодзор gai-kodzor лефкадия lefkadia freixenet фрешенет gancia ганча ruffino
zonin зонин chateau_mukhrani телиани telliani telavi_вино totino delasy деласи вилла_крым rigas_black
буллет_бурбон suntory сантори nikka_whisky leyenda tarvas тарвас
"""
ALCOHOL_WEAK = """
ягер амароне бароло риоха шато шираз сотерн sauternes соаве_классико орвието шабли_гран гевурц вионье
viognier семильон semillon неббиоло nebbiolo барбера barbera дольчетто dolcetto яга мерло кодорниу codorniu
санте_ривьера цоликаури цвайгельт
zweigelt блауфранкиш негроамаро negroamaro вердехо фурминт furmint
рикар ricard писанг лилле lillet пиммс pimms чинар cynar бугульма демидовский абрикотин старейшина киновский
black_jack блэк_джек
абсолют арарат ahtamar русский_стандарт мороша ханская архангельская посольская матрешка havana barcelo
plantation gordons roku grants singleton camus камю bisquit лезгинка кизляр кизлярка дербент российский
киновский шеридан ла_петит боско asti mumm кубань пиросмани примитиво shiraz божоле bordeaux арбатское
кагор херес chapo казачье белая_березка тельняшка клюковка хреновуха беленькая beluga ararat hennesi
медовая_с_перцем российское syrah cava асти кубанское псоу апсны радеда букет_молдавии баркло grouse медов
свояк mamont грей_гус grey_goose danzka смирнов smirnoff smirnov перцовая клюква_на_коньяке
рябина_на_коньяке боска хванчкар ведерниковъ шабли chablis casillero фетяска изабелл brut брют мохито_алк
блейзер blazer трамин alma_valley кенигсберг
акдов ять_водк барристер barrister фаулерс fowlers brugal бругал angostura nikka toki bulleit кизлярский
багратион аркон шустов таврия_коньяк черный_аист сурож закарпатский иджеван ijevan арцах стрижамент
бурлеск мильстрим ариант canti канти bols болс марани бадагони badagoni арени солнцедар русскии_лед
patron_silver patron_anejo хлебная_царь
"""
ALCOHOL_COMMON = """
медок medoc гаме gamay сира соаве soave марсан крианса crianza резерва reserva
дагестан такара takara
ной кавказ белая_береза зимняя_дорога сибирская застолье русская московская старый_город ледофф мерная
золотая bells финляндия хортица белуга царская талка журавли первак хаски онегин тундра столичная
пшеничная kraken malibu jura бастион квинт белый_аист мерло мускат шираз риоха бордо токай изабелла мадера
анапа мартини martini старка белл вдохновение советское кава лыхны шато chateau домашняя_лоза малибу
sierra сьерра командирский мягков калинка сваяк сормовская старлей праздничная государев_заказ деревенская
домашняя мамонт снежный_барс путинка кристалл кедровая кенигсберг porto порто ягуар jaguar отвертка
крымское
березка русский_лед деревенька калашников вереск маруся ладога царь народная снежная_королева сталинская
арктика россия империал teachers bombay patron таврия золотой_резерв новый_свет солнечная_долина
бахчисараи лидия плодовое кавказское закарпатье сибирскии_экспресс праздничный московский кубанские boka
ять армянский армения
"""
# No other goods are called so.
WINE_SIGNS = """
п/сл п/сух полусладкое полусухое кр/сух бел/сух кр/плс бел/плс п/сл/бел кр/п/сл п/дес игристое
"""
WINE_SWEETNESS = """
п/сл п/сух полусл полусла полуслад полусладк полусух сух сл дес крепл брют brut п/слад креплен десертн
"""
ALCOHOL_HINTS = """
люкс горькая горький перцовая п/сл п/сух полусладкое полусухое сухое креп крепкое алк алкоголь платинум
платинa звезд зв звезды звездочки выдержанный выдержан летний vs vsop xo кс кв квк кввк летн ст/б кр бел роз
лет руби тони тауни ruby tawny doc docg вдвп зги ординарное коллекционное экстра_драй
тихое марочное белое красное розовое полусл полусух сух брют п/к п/уп подарочная silver сильвер gold голд
blanco reposado anejo пряный spiced объем об double oak single_malt солод
"""
ENERGY_NOUNS = """
энергетик:,и
"""
ENERGY_ADJECTIVES = """
энергетическ энергет энерг энергетич тонизирующ тониз
"""
ENERGY_STRONG = """
red_bull адреналин_рэш ред_бул ред_булл редбулл redbull adrenaline_rush adrenalin_rush адреналин_раш
адреналинраш monster_energy монстр_энерджи tornado_energy торнадо_энерджи tornadoenergy flash_up флеш_ап
флэш_ап gorilla_energy горилла_энерджи lit_energy литэнерджи лит_энерджи drive_me драйв_ми burn_energy
jaga_energy genesis_energy volt_energy вольт_энерджи торнадо_актив tornado_active tornado_storm
tornado_max tornado_ice black_monster блэк_монстр монстр_ультра monster_ultra monster_mango е-он
e-on_energy eon_energy adrenaline_nature adrenaline_juicy rockstar_energy hell_energy буллит
non_stop_energy bizon_energy effect_energy dynamit_energy flash_energy флэш_энерджи энерджи_дринк
energy_drink озверин powerade_energy pit_bull_energy prime_energy e-on xxi_power 21_power power_torr
павер_торр crazy_tiger mad_dog_energy black_bull блэк_булл блек_булл g-drive джи_драив solar_power
солар_пауэр extra_power attack_energy pit_bull
"""
ENERGY_WEAK = """
burn берн е_он bullit нон_стоп питбуль bizon бизон adrenaline adrenalin
"""
ENERGY_COMMON = """
tornado торнадо ягуар jaguar drive драйв флэш флеш flash monster монстр gorilla горилла адреналин eon
энерджи energy hell effect genesis rockstar volt вольт
монстер генезис dynamite динамит battery_energy шарк shark bang strike страик ruhin turbo freeway
real_active атака attack sting стинг predator предатор dragon_energy reload рокстар
"""
