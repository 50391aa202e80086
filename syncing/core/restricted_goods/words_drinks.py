"""Beer, wine, spirits and energy drinks; `vocabulary` says how the lists are written."""

BEER_NOUNS = """
пив:о пивк:о пивас: пивасик: пивчанск:ое сидр: пуаре= медовух:а бирмикс: beermix beer bier cider вайцен:
weissbier pilsner вайсбир: вайсбиер: neipa dipa нейпа= ламбик: lambic хеллес: дункель= dunkel дуббель=
трипель= пилснер: пильзнер: пилзнер: pilsener
пивчик: пивцо= пивасян: пивандри:й
"""
# A steak, a letter, a camp: forbidden only beside a hint.
BEER_WEAK_NOUNS = """
п/нап пив/нап п/напиток гозе гезе gose geuze kriek квадрупель helles sour_ale
эль стаут портер лагер ale lager stout porter ipa апа ипа пилс weizen брага
"""
BEER_ADJECTIVES = """
пивн
"""
# What beer is called by where the noun is left out: "Чешское разливное".
BEER_SORTS = """
нефильрованн нефильтрован нефельтрованн светл темн жив разливн разлив нефильтрованн фильтрованн
пастеризованн непастеризованн бархатн барн бочков
немецк чешск баварск жигулевск пшеничн крепк янтарн ирландск бельгийск английск хмельн монастырск кегов
классическ мюнхенск пражск австрийск венск мартовск таежн рижск ячменн солодов осветленн легк оригинальн
полутемн традиционн двойн богемск шотландск староград сибирск волжск московск живительн бочк крафтов
премиальн ледян специальн
"""
# Of these, what is hardly said of anything else.
BEER_SORTS_SURE = """
нефильрованн нефильтрован нефельтрованн разливн нефильтрованн фильтрованн непастеризованн пастеризованн барн
бочков кегов жигулевск жив
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
miller_genuine миллер_дженьюин bud_light бад_лайт охота_крепкое охота_зимнее охота_зимняя невское_светлое
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
уральский_мастер пятый_океан киликия kilikia котайк kotayk xirdalan четыре_пивовара
хмельной_монах гримберген grimbergen гаредж оттингер эттингер oettinger royal_dutch holland_import
bear_beer 5.0_original singha сингха bintang крынiца le_coq_пиво efes_пилс балт_3 балт_7 балт_9 балт_0
багбир bagbier сибирская_бочка сиб_бочка чувашский_хмель жигули_бархатное жигули_фирменное жигули_экспорт
старочешское златопрамен хофброй швабен_брой schwabenbrau майзелс maisels_weisse лэйкмен lakeman
ханс_грюбер кайзердом kaiserdom текате моспиво айингер праздрой prazdroj вайнштефан weihenstephan
вайенштефан вайенштефанер шнайдер_вайссе schneider_weisse бенедиктинер радебергер хассеродер альтенмюнстер
альтенбургер оранжебум dutch_windmill фленсбургер бржезняк breznak лобковиц lobkowicz ostravar zywiec
окочим okocim lomza lacplesis лачплесис valmiermuiza валмиермуйжа вольфас_энгельман загорка timisoreana
никшичко niksicko ожуйско ozujsko bomonti quilmes килмес dos_equis negra_modelo modelo_especial
модело_эспесьяль cass_fresh деррбес грин_кинг greene_king fullers_london london_pride лондон_прайд
old_speckled олд_спеклд ньюкасл_браун баварское_пшен ла_трапп la_trappe ван_хонзебрук straffe_hendrik
сен_бернардус st_bernardus золотой_пивзавод зол_пивзавод старомюнхенское баварское_барное
хмельная_кружка_розл prazecka праскевелс пражское_барное венское_барное чешское_барное чешский_козел
бирштадт бирбург бирхоф honigbier крумбахер бланш_бельгийск witbier вайссбир хефевайцен
hefeweizen хефе_вайс hefe_weisse kong_strong стамм_бир панкбрю punk_ipa панк_ipa brewdog брюдог
underwood_brewery victory_art_brew selfmade_brewery red_button_brewery zagovor_brewery загов_брю
sabotage_brew plan_b_brewery crazy_brew панзер_брю бруклин_лагер честерс_груша сидрерия сент_антон
saint_anton волковская_пивоварня блонд_эль светлячок_ipa порт_артур_стаут гараж_лемон seth_n_riley
сет_и_райли дизель_лимон boon_kriek mort_subite бель_вю belle_vue
кожевниковское аббе_блонд abbaye_daulne аббе_дольн мёртвый_джо пражский_пивовар чешский_стандарт
dingslebener licher_weizen eichbaum айхбаум wolfbrau арколь arcobrau perlenbacher перленбахер
schofferhofer konigsbacher кёнигсбахер stephans_brau стефанс_брой karlskrone feldschlosschen фельдшлоссхен
alpirsbacher bohemia_regent богемия_регент svetly_lezak cernovar zlata_praha
толстяк_добрый жемчужина_жигулей атомная_прачечная старый_пивовар чешский_пивовар баварский_пивовар
два_пивовара фон_вакано одна_тонна сибирский_бочонок перша_приватна сет_райлис зедазени ловенбург
ловенбургер микулинецкое хмельнофф будейовицкий_будвар ловенбраун черна_гора старобрно эггенберг сваровар
волковская_апа кульмбахер крконош фестхаус жигули_пиво чимэй
шпат_св шпат_темн старомельн старый_мельн
крон_1664 кронен_бланк
"""
BEER_WEAK = """
вайсберг дюв брахма седой_урал аббе_брюн abbaye аббе черная_мамба пятый_океан_св жатец_гус три_медведя
белый_медведь большая_кружка zubr бархатное очаковское sapporo сапоро harbin харбин taiwan
моретти duvel афанасий львовское черниговское майкопское barnaul барнаульское шихан крюгер mythos пикур
бакунин mad_max holba radegast samson бочковое тинькофф пятницкое черновар петровское bud kozel окское
горьковское efes эстрелла estrella асахи чанг chang tinkoff бавариа кроне krone бирхаус барное сормовское
виндар salden эсса essa redds редс сварогъ chimay
бекс becks кармелит karmeliet kwak мерфис murphys ньюкасл newcastle kirin кирин пшеничка хмельнов
чебоксарское волжанин самко вятич ирбитское исетское тагильское ворсинское бочкари абаканское хакасское
читинское хасанское ульяновское речицкое крыница славутич рогань карьяла karjala факсе faxe эребуни erebuni
гюмри gyumri салденс циллерталь zillertal le_coq saku саку бобров konix моздокское хуч hooch revo рево
приматор литовел фуллерс
аян хмелёфф бровар браумастер braumeister bierstadt бурчак пилзень штейнбир кенигсбир остмарк сармат цесу
cesu лабатт молсон фостерс miller_lite kingfisher ляпунов жигулёв
коронита coronita варница йевер jever капуцинер kapuziner сандел алекок халберг бюргер бургомистр альтштайн
остерберг пражечка пардал свиянский далешице далимил раковник прегер сябар шварцкайзер балтоха пивовар
микулинец
"""
BEER_COMMON = """
бакалар bakalar кельш kolsch крик эссе apa апа белый_медв
эдельвейс edelweiss бавария ледокол кулер крепыш афоня бирка хмельницкое зубр невское очаково sol garage
bernard бернард жигули приятель охота бад miller миллер козел русич гараж эфес bavaria толстяк corona
стелла stella ipa апа asahi
бочкаревъ пермское губернское томское самарское алтайское купеческое вятское дальневосточное южное дон
красный_восток гулливер дв_светл брно тайгер tiger атлас atlas медвежье хазар казбеги терек тянь-шань
трофи trophy казанова манчестер соль_пиво ставропольское владикавказское карагандинское солодов
пенное натахтари natakhtari гастрономическое моздок кроне балтийское арго
сол пльзень бланш андерсон волковская джоус клостер балтос охотка исеть росар навигатор аттила амстердам
снежинка дуплет светлячок пит рецептъ
"""
BEER_SIGNS = """
н/ф кег кега разливное розлив разлив пэтф ж/б жб ст/б с/б пивоварня крафт крафтовое svetle cerne
"""
# Beer and wine are neuter, and called by their towns: «Ямское 1,25».
OF_A_TOWN = ("ское", "цкое")
# Said of wine alone: «Шапмань полусл.».
HALF_SWEET = ("полусл", "полусух", "п/сл", "п/сух")
# Vodka is feminine: «Амурская 0,5».
VODKA_OF_A_TOWN = ("ская", "цкая")
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
спотыкач: настоечк:а,и наливочк:а,и медовушк:а виноматериал:,ы вотк:а водяр:а джин-тоник: алкоголь: алкогол:ь
слабоалкоголк:а слабоалк= бухл:о кашас:а бехеровк:а becherovka спуманте= spumante просеко= кремант: cremant
арцах_тутов креман:,ы егермейстер: аквавит: шнапс: schnapps байцзю= спиртн:ое горилк:а джинтоник: gintonic
шампусик:
винчик: водовк:а спиртяг:а спиртяшк:а коньячелло= фунфырик: фанфурик: бормотух:а шмурдяк: чекушк:а вискарик:
вискарек: портвеш: портвешк: портяшк:а самогоночк:а шампунечк:а
"""
# A name, a flavour, a colour: forbidden only beside a hint.
ALCOHOL_WEAK_NOUNS = """
портвайн спритц spritz jin узо портв арак арака дистиллят дистил дистилл arak sake сочу кирш шартрез
бенедиктин
креман розе марсала
фернет амаро нас-ка наст-ка нст-ка грог крюшон сангрия аперитив биттер
вдк в-но ш-кое ш-ское вод-ка в-ка к-к конь-к кон-к кньк вск wisky wiski viski ром джин rum gin старка саке
сакэ скотч
брют бурбон мадера
чача глинтвейн шампань
виск водк вискар конья шампунька сэмыч сэмик чачуля боярка мерзавчик
wiskey whiskie
лик
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
мейкерс_марк дон_хулио сакапа крымская_роза зб_розе зб_брют усадьба_дивноморское клан_мак_грегор
старый_таллин old_tallinn vana_tallinn вана_таллин
шейк_даикири
шейк_мохито shake_daiquiri shake_mojito
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
beluga_vodka царская_золотая медофф мягков_серебр архангельская_северн беловодка чистые_росы
московская_особая добрый_медведь sauza сауза jose_cuervo хосе_куэрво sierra_silver
sierra_tequila espolon эсполон don_julio havana_club гавана_клуб havana_anejo баркардо zacapa закапа
oakheart оакхарт bombay_sapphire бомбей_сапфир гордонс hendricks хендрикс
whitley_neill tanqueray famous_grouse фэймос_граус william_lawsons william_lawson_s уильям_лоусонс
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
montepulciano санджовезе sangiovese мальбек malbec карменер carmenere rioja beaujolais токайское
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
пшеничная_слеза росс_стандарт russian_standard russ_standart главспирттрест главспирт солнечная_деревенька
сибирский_стандарт юрий_долгорукий березовые_бруньки кремлин_аворд
kremlin_award imperial_collection империал_коллекшн хлебная_половина старый_сибиряк кремлевская_рецептура
царская_чарка мороша_карелия мороша_уровень архангельская_севера русская_эскадра козацька_рада
казацкая_рада шустофф пшеничная_душа калинов_луг доктор_август хреновая_с_медом перцовая_с_медом
рябина_на_конь рябинов_на_конь казачья_застава уссурийский_бальзам бугульминский абу_симбел ной_властелин
ной_подарочн ноймановский дербент_наринкала нарын-кала нарын_кала прасковейский васпуракан арарат_ани
арарат_наири арарат_ахтамар арарат_двин самтрест варцихе лезгинка_кв кизляр_багратион олд_баррель
fundador реми_мартен biscuit_dubouche larsen_vsop стил_энд_бэррел steel_and_barrel стил_энд_баррель
стар_барель коп_баррель копер_баррель сэр_эдвардс сэр_эдвардз грантс_стенд grants_stand
тичерс_хайл teachers_highland фокс_энд_догз fox_and_dog фокс_и_догс кинг_роберт скоттиш_лидер хэйг_клуб
haig_club вест_корк редбрест redbreast килбегган ардбег боумор bowmore далмор абелур aberlour оубан
oban_14 dalwhinnie далуини хайленд_парк highland_park edradour эдраду arran_malt tomatin глен_грант
glen_moray глен_морей глен_тернер glen_turner глен_элгин singleton_of сингл_молт_скотч speyburn спейберн
блэк_рэм black_ram блэк_энд_вайт black_and_white блэнд_285 bell_s_original беллс_ориджинал хай_коммишнер
high_commissioner хайленд_куин highland_queen инвер_хаус inver_house лонг_джон вайт_энд_маккей
whyte_mackay lambay ламбэй gentleman_jack джентльмен_джек basil_hayden woodford_reserve вудфорд_резерв
buffalo_trace баффало_трейс elijah_craig old_virginia heaven_hill canadian_mist crown_royal краун_роял
yamazaki ямадзаки hakushu nikka_days кэптен_морган капит_морган captain_morgen бокан_ром bocan cuba_caribe
кракен_ром kraken_black матусалем mount_gay маунт_гэй appleton_estate эпплтон плантейшн_ром plantation_rum
рон_варадеро varadero_rum сантьяго_де_куба santiago_de_cuba сайлор_джерри sailor_jerry стро_80 stroh_80
казадорес эррадура herradura орендайн rooster_rojo рустер_рохо сапфир_бомбей bulldog_gin бульдог_джин
лариос_джин гринолс greenalls гринлс_джин finsbury финсбери_джин mare_gin джин_маре monkey_47 roku_gin
джин_року малфи malfy_gin broker_s_gin брокерс_джин ягермайстер егермайстер jegermeister baylies
saint_brendans сент_брендан блю_кюрасао blue_curacao болс_блю bols_blue де_кайпер гранд_марнье
grand_marnier chambord benedictine_dom ramazzotti рамацотти averna амаро_монтенегро montenegro_amaro
unicum_цвак zwack_unicum аперини_биттер aperitivo_spritz аперитиво_спритц чинар_спритц вилла_каза
villa_cardea pallini martini_extra мартини_экстра_драй мартини_розато martini_rosato salvatore_vermut
гранд_торино гратиелло гранд_торо фиорелли золотая_коллекция_шамп буржуа_брют bourgeois_brut вилла_амалия
кантиньяно mionetto bottega_gold villa_sandi гранвино dell_emilia москато_дасти
cordon_negro vilarnau мумм_кордон тайттингер поль_роже pol_roger лоран_перье laurent_perrier bollinger
боллинже ruinart пайпер_хайдсик piper_heidsieck луи_родерер louis_roederer кристалл_родерер
victor_dravigny виктор_дравиньи империал_кюве цимлянское_шамп ростовское_шамп дербентское_шамп
советское_шампан российское_шампан крымское_шамп новосветское_шамп кубанское_шамп вилла_романа альма_вэлли
альма_валлей ф-стиль сикоры шато_пино chateau_pinot шато_де_талю chateau_de_talu chateau_andre шато_андре
le_grand_vostok ле_гран_восток дивноморье_усадьба усадьба_маркотх юбилейная_винодельня бурлюк
loco_cimbali локо_чимбали имение_манеевой чёрный_полковник седьмое_небо_князя ай-даниль
мускат_белого_камня исповедь_монаха ночь_монаха монастырский_погреб монастырская_келья улыбка_грешниц
грешный_монах арбатское_крас арбатское_кр сокровище_дона хозяин_погреба барон_де_лирондо букет_молдав
milestii_mici милештий_мич chateau_vartely шато_вартели cantemir castel_mimi кастель_мимози тбилисури
киндз_марани алаз_долина манави marniskari кахетинская_долина араратская_долина арарат_долина воскеваз
террас_гауда lolea лолеа кот_де_гасконь cotes_de_gascogne mouton_cadet мутон_каде барон_ротшильд
жевре_шамбертен барон_де_лестак мишель_торино trapiche trivento gato_negro casillero_del concha_y_toro
vina_maipo yellow_tail йеллоу_тейл jacobs_creek джейкобс_крик penfolds carlo_rossi gallo_family two_oceans
ту_оушенс nederburg молоко_мадонны blue_nun блю_нан gewurztraminer гевюрцтрам tokaji egri_bikaver
sangre_de_toro marques_de_riscal маркиз_де_рискаль campo_viejo кампо_вьехо koblevo shabo бела_бианка
винный_вечер санни_джой вермутель вишневый_вечер revo_energy рево_энерджи рево_черри эльдорадо_ром
эльдорадо_джин eldorado_rum ред_девил алко_энерджи очаково_джин очаковский_джин ягер_кола егер_кола
джек_кола блэк_рашн кокобрико амарула арцах_тутовая джинро хакуцуру гекейкан масуми
джек_даниэлс джек_даниэл джек_дэниелз аквадив хлебная_мера первая_гильдия ржаная_слеза минская_кристалл
ketel_one кетел_уан koskenkorva loch_lomond лох_ломонд glen_scotia глен_скоушиа glen_clyde глен_клайд
grand_macnish macarthurs_scotch old_smuggler олд_смагглер highland_star хайленд_стар lauders_scotch
islay_mist айла_мист queen_margot квин_марго loch_castle лох_касл лоч_касл loch_castel william_cadell
botucal lockwood_gin london_hill bickens haymans хейманс casa_roja каса_роха cazcabel luxardo
marie_brizard мари_бризар askaneli tbilvino dugladze вазиани kakhuri_gvinis крымский_погребок
галицкий_и_галицкий собер_баш fautor gitana_winery asconi bostavan vina_albali don_luciano beronia
villa_antinori frescobaldi zenato дзенато cantina_danese castello_banfi пиччини шато_ла_рошель
chateau_la_rose fiore_di castel_firmian fonseca_port sandeman сандеман_порто taylors_port duque_de_viseu
мурганейра gatao casal_garcia казал_гарсия mateus_rose матеуш_розе гжелка орловская_крепость
уралалко княжеская_слобода
5_озер финское_серебро белс_виски беллс_виски вильям_пил родник_сибири императорская_коллекция слънчев_бряг
слынчев_бряг айриш_крем irish_cream трипл_сек triple_sec чам_чурум гавана_клаб дикий_гусь черный_русский
монте_шоко исповедь_грешницы ил_миракколо дель_амико делосперони филипетти карлайз наркомовская
черный_доктор мохито_шейк вайлд_терки хлібний_дар русское_золото полярный_волк джон_гор
джонни_волкер джони_волкер джони_уокер джонни_уолкер алко_микс alko_mix шпритц
джек_дэн джек_ден
"""
ALCOHOL_WEAK = """
stolichnaya moskovskaya tiflisi раевское шилда дивин_коньяк белый_лебедь пять_капель паспорт_скотч таркос
tarkos ягер амароне
бароло риоха шато шираз сотерн sauternes
соаве_классико орвието шабли_гран гевурц вионье
viognier семильон semillon неббиоло nebbiolo барбера barbera дольчетто dolcetto яга мерло кодорниу codorniu
санте_ривьера цоликаури цвайгельт
zweigelt блауфранкиш негроамаро negroamaro вердехо фурминт furmint
рикар ricard писанг лилле lillet пиммс pimms чинар cynar бугульма демидовский абрикотин старейшина киновский
black_jack блэк_джек
абсолют арарат ahtamar русский_стандарт мороша ханская архангельская посольская матрешка havana barcelo
plantation gordons roku grants singleton camus камю bisquit лезгинка кизляр кизлярка дербент российский
киновский шеридан ла_петит боско asti mumm кубань пиросмани примитиво shiraz божоле bordeaux арбатское
кагор херес chapo казачье белая_березка тельняшка клюковка хреновуха беленькая beluga ararat hennesi
медовая_с_перцем российское syrah cava асти кубанское псоу апсны медовый_напиток радеда букет_молдавии
баркло grouse
свояк mamont грей_гус grey_goose danzka смирнов smirnoff smirnov перцовая клюква_на_коньяке
рябина_на_коньяке боска хванчкар ведерниковъ шабли chablis casillero фетяска изабелл brut брют мохито_алк
блейзер blazer трамин alma_valley кенигсберг
акдов ять_водк барристер barrister фаулерс fowlers brugal бругал angostura nikka toki bulleit кизлярский
багратион аркон шустов таврия_коньяк черный_аист сурож закарпатский иджеван ijevan арцах стрижамент
бурлеск мильстрим ариант canti канти bols болс марани бадагони badagoni арени солнцедар русскии_лед
patron_silver patron_anejo хлебная_царь
тигода гремиси темрюкский отард лагавулин хибики ботран пасоа унгикум боттега
хайленд талка мягков солодофф русская_сталь снежная_королева_вод кедрач бурые_медведи васпур урарту
гюлистан айвазовский кочари джинро курвуазьер джемисон бушмилз лафройг сауз сиерра барристр гордон бомбей
шартрез мидори бургундия бургонь бургундск пино гриджио мальвазия треббьяно пекорино пенедес лангедок
прованс_розе шенен chenin глера мюллер-тургау траминер семийон зенон кокур рубин_голодриги пухляковск
плечистик кахети гурджаани самеба цинанд манави агора саук_дере перовская дюрсо балаклава магарач сангрита
лаветти казантип_кокт вилла_каса санторин чача_вин пелинковац pelinkovac
наири двин
белый_конь грауз алазанская ачандара диоскурия шумринка казумян сальвадоре сальваторе хенька
секс_на_пляже три_звезды пять_звезд 5_звезд 3_звезды 4_звезды агдам плиска старая_крепость сибирячка
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
хлебная императорская кремлевская адмирал адмиралтейская адмиральская атаманская минская сябры гродненская
бескозырка фронтовая медведь слеза имбирная медовая темрюк ани аист дивин кварели трофейный гаваз каспий
наполеон чегем тамада мерани буржуа корнет монах чумай конина сэм уссурийский морган гавана
тортуга калипсо ямайка сантьяго негрита лаплания лимонная клюквенная рябиновая пчелка аляска тайга
джек джонни белс беллс стил егерь старая_марка калина_красная мед_и_перец смирновская столовое южная_ночь
колт сингл_молт дипломат
шило

"""
# No other goods are called so.
WINE_SIGNS = """
кввк п/сл п/сух полусладкое полусухое кр/сух бел/сух кр/плс бел/плс п/сл/бел кр/п/сл п/дес игристое
"""
WINE_SWEETNESS = """
п/сл п/сух полусл полусла полуслад полусладк полусух сух сл дес крепл брют brut п/слад креплен десертн
"""
ALCOHOL_HINTS = """
бьянк бьянко бианко bianco россо rosso спритц spritz секко secco дольче розато розе rose люкс горькая
горький перцовая п/сл п/сух полусладкое полусухое сухое креп крепкое алк алкоголь платинум
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
раш_адреналин red_bull адреналин_рэш ред_бул ред_булл редбулл redbull adrenaline_rush
adrenalin_rush адреналин_раш
адреналинраш monster_energy монстр_энерджи tornado_energy торнадо_энерджи tornadoenergy flash_up флеш_ап
флэш_ап gorilla_energy горилла_энерджи lit_energy литэнерджи лит_энерджи drive_me драйв_ми burn_energy
jaga_energy genesis_energy volt_energy вольт_энерджи торнадо_актив tornado_active tornado_storm
tornado_max tornado_ice black_monster блэк_монстр монстр_ультра monster_ultra monster_mango е-он
e-on_energy eon_energy adrenaline_nature adrenaline_juicy rockstar_energy hell_energy буллит
non_stop_energy bizon_energy effect_energy dynamit_energy flash_energy флэш_энерджи энерджи_дринк
energy_drink озверин powerade_energy pit_bull_energy prime_energy e-on xxi_power 21_power power_torr
павер_торр crazy_tiger mad_dog_energy black_bull блэк_булл блек_булл g-drive джи_драив solar_power
солар_пауэр extra_power attack_energy pit_bull
флайкафе fly_cafe флай_кафе адреналин_нейчер адреналин_джуси горилла_манго горилла_минт монстр_мангоу
монстр_зеро монстер_энерджи берн_яблоко burn_apple берн_черри берн_тропик burn_original берн_ориг
burn_киви торнадо_скил genesis_x генезис_энерджи jaguar_live ягуар_лайв ягуар_live jaguar_wild
non_stop_ориг атом_энерджи atom_energy game_fuel mtn_dew_amp xtreme_energy drago_energy dizzy_energy
дизи_энерджи steel_power фитнес_шок_энерг реактор_энерг reaktor_energy bang_energy celsius_energy
рокстар_энерджи рокстар_ориг monster_juice bison_energy тонус_энерг х-турбо
"""
ENERGY_WEAK = """
энергос адрик burn берн е_он bullit нон_стоп питбуль bizon бизон adrenaline adrenalin
рокстар адренал монстрик диззи
"""
ENERGY_COMMON = """
tornado торнадо ягуар jaguar drive драйв флэш флеш flash monster монстр gorilla горилла адреналин eon
энерджи energy hell effect genesis rockstar volt вольт
монстер генезис dynamite динамит battery_energy шарк shark bang strike страик ruhin turbo freeway
real_active атака attack sting стинг predator предатор dragon_energy reload рокстар
адик хелл хэлл драгон аттак эффект
"""
