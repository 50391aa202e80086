"""Tobacco, nicotine and what they are smoked with; `vocabulary` says how the lists are written."""

NOUNS = """
насыба:й эсдн= сольник:,и снафф: кальянчик:,и
дрип-тип:,ы дриптип:,ы сиг-т:ы сиг-ты= спиралет: сигарет:а,ы сигар:а,ы сигарилл:а,ы папирос:а,ы табак:,и
табачок:, табачк:и махорк:а самосад: снюс: снус: насва:й самокрутк:а,и койл:,ы никпэк никотин: никпак:
калауд:,ы колауд:,ы кальян:,ы вейп:,ы вэйп:,ы одноразк:а,и вейпик:,и вапорайзер:,ы вапораизер: сигаретк:а,и
никобустер: под-систем:а,ы
подсистем:а,ы
cigarette cigarettes мелассоуловител:ь,и мелассоуловитель= cigar cigars cigarillo cigarillos tobacco
hookah vape vapes vaping snus nicotine дрипк:а,и клиромайзер: картомайзер: боксмод:,ы мехмод: айкос:
шиша=
снюсик: вейпак: вейпарик: жижульк:а сижк:а,и курев:о цигарк:а,и испарик:,и электроночк:а одноразочк:а
сменник:,и солевик: шмаль: сигарк:а,и
электронк:а,и пафф: ашкудишк:а
"""
ADJECTIVES = """
табачн сигаретн кальянн никотинов никотиносодержащ бестабачн нюхательн самокруточн курительн трубочн
вейперск"""
# Hardly anything else; an ordinary thing named before one wins over it.
STRONG = """
сноупи_смок эссе_голд_лиф голд_лиф
ашкуди ашкюди хкд хкьюди кафе_крем smoking_green smoking_blue smoking_gold smoking_red smoking_master
smoking_organic ocb rizla ризла gizeh гизех raw_rolling rolling_paper rolling_papers juicy_jay juicy_jays
zig_zag_slim smoking_brown smoking_deluxe mascotte_slim vogue_lilas vogue_lila вог_лила вог_лилас
vogue_bleue vogue_menthe эссе_голден esse_golden_leaf hellvape vogue_lessence cotton_bacon шарон_бэби
шарон_беби пасито дрип_тип drip_tip soul_vape jean_luc мальборо_голд jellybox ice_paradise_солт vgod
glitch_sauce хотспот катсвил катсвилл максвеллс esse_exchange эссе_эксчейндж neo_boost neo_tropic neo_amber
neo_classic neo_mint neo_blue neo_purple corsar_of marlboro мальборо марлборо малборо winston винстон
уинстон chesterfield честерфилд честер_филд rothmans ротманс ротмэнс ротманз parliament parlament парламент
philip_morris филип_морис филип_моррис филипп_моррис филипморис pall_mall пэлл_мэлл пел_мел пэл_мэл
палл_малл бонд_стрит bond_street lucky_strike лаки_страйк данхил данхилл собрание_черн собрание_блэк
собрание_голд gauloises голуаз davidoff_gold давидофф_классик давыдов_классик давидофф_голд captain_black
капитан_блэк капитан_блек беломор беломорканал ld_club лд_клуб лд_клаб лд_club ld_autograph лд_автограф
ld_compact лд_компакт ld_impulse лд_импульс ld_av лд_ав lm_club play_hit плей_хит плэй_хит плей_блю
play_blue плей_ред parker_simpson паркер_симпсон паркер_и_симпсон chapman чапман чапмен aliance_original
alliance_original альянс_ориджинал альянс_оригинал djinn балканская_звезда союз_аполлон virginia_slims
вирджиния_слимс вирджиния_с virginia_s philips_morris филипс_моррис фил_моррис петр_i ява_золотая
золотая_ява java_zolotaya русский_стиль mevius мевиус vogue_arome esse_change esse_blue esse_exclusive
esse_golden эссе_чендж эссе_чейндж святой_георгий saint_george st_george kent_nano кент_нано kent_hd кент_hd
kent_nanotek кент_нанотек kent_crystal kent_switch кент_свитч кент_кристал cafe_creme cohiba кохиба
handelsgold montecristo partagas al_capone аль_капоне corsar_of_the_queen troekuroff троекуров glamour_azure
glamour_amber гламур_амбер гламур_лилак гламур_азур гламур_супер camel_compact camel_yellow camel_blue
кэмел_компакт кемел_компакт camel_crafted lucky_red_box бизнес_стандарт nz_gold nz_black nz_safari нз_сафари
нз_голд akhtamar_slim garni_slim арарат_эксклюзив_нано арарат_нано ararat_nano cigaronne сигаронне сигарон
dove_platinum richmond_cherry ричмонд_черри ричмонд_империал ричмонд_эксклюзив harvest_cherry black_tip
блэк_тип lucky_fruity xxi_век 21_век_дарк прима_люкс прима_ностальгия прима_дмв прима_серебр прима_оптима
прима_ростов оптима_люкс optima_red next_violet next_blue next_red next_rose next_dubliss некст_виолет
некст_блю next_mix heets хитс terea тереа fiit neo_demi neo_sticks neo_stick нео_деми neo_red neo_brown
neo_terracotta heets_amber kent_sticks деллия creations_heets sobranie_stick ccooo нэо_деми elf_bar elfbar
эльф_бар эльфбар hqd lost_mary лост_мэри лост_мери waka_soreal waka_sopro waka_somatch waka_solo inflave
инфлейв plonq плонк puffmi пафми vozol возол izi_max izi_x izi_go izi_xs izi_box maskking маскинг geek_bar
гик_бар fumot randm рендм rand_m udn_bar udn_luxe udn_x udn_plus monster_bar monster_bars levels_revel
levels_revels soak_cube soak_x soak_zero chillax duall hyppe snoopysmoke snoopy_smoke airis_max airstick
ivg_bar nasty_fix nasty_bar funky_lands puff_bar пуфф_бар smok_novo smok_nord smok_rpm smoant смоант voopoo
вупу vaporesso вапорессо geekvape гиквейп joyetech джойтек aspire_nautilus aspire_gotek aspire_flexus
lostvape uwell caliburn калибурн xros хрос rincoe justfog джастфог nevoks pasito charon_baby charon_plus
minican feelin_mini juul джул brusko бруско catswill podonki arcane_аркан злая_монашка zlaya_monashka
hotspot_fuel jam_monster cold_fusion sadboy sad_boy boshki frankly_monkey overshake husky_mint
husky_premium husky_double husky_pods хаски_жидк milk_brothers mr_captain dojo_blast blow_bar yuoto
hqd_cuvie cuvie_plus cuvie_air cuvie_slick oxva oxbar rell_green the_scandalist scandalist horny_flava
dinner_lady kangvape kangertech ijust wismec wotofo vaptio kayfun dead_rabbit zeus_rta gtx_coil pnp_vm
pnp_coil protank adalya адалия al_fakher альфакер аль_факер darkside дарксайд must_have маст_хев мастхев
blackburn блэкберн блэк_берн sebero себеро bonche бонче tangiers танжирс fumari фумари afzal афзал
serbetli щербетли nakhla нахла daily_hookah дейли_хука trofimoffs трофимофф трофимоффс
smoke_angels peter_ralf jibiar джибиар buta_gold chabacco чабако element_воздух element_земля snobless
siberia_red odens оденс zyn arqa lundgrens mild_seven майлд_севен джарум djarum
gudang_garam viceroy вайсрой treasurer трежерер swisher_sweets romeo_y_julieta american_spirit
golden_virginia голден_вирджиния amsterdamer амстердамер mac_baren мак_барен bali_shag redmont редмонт
platinum_seven платинум_севен pipe_wine captain_jack sentia сентиа делиа neafs нифс ccobato buztra бузтра
lil_hybrid nuso heatkeys фиит миикс ursa_nano ursa_baby thelema minifit istick eleaf pulse_aio suorin
myblu annihilator bad_drip brain_fluid octolab octobar monashee монаши xyli fummo фуммо skruf
red_bear_снюс the_boldest fedrs федрс knight_80 gear_10000 aegis_boost aegis_hero aegis_legend drag_nano
drag_s drag_x drag_max драг_х драг_икс nord_4 nord_5 novo_2 novo_4 novo_5 zeus_x zeus_sub pod_salt
brown_sugar_cigars starbuzz старбаз overlord оверлорд sapphire_crown lezzet eleon tommy_gun ponsmax понсмакс
vozol_gear mattpear мэттпир матт_пир xperience doobacco дубакко икрос hypreme хуприм izzibro изибро gixom
гиксом argelini аргелини khalil_mamoon leteam иксрос
нас_жевательный нас_жев нас_зеленый нас_зел нас_мятный нас_мят нас_классический бонд_компакт бонд_премиум
бонд_ред бонд_синий бонд_стр bond_blue бонд_блю бонд_комп честер_браун честер_компакт честер_ред
честер_блю честер_роял chester_brown филип_мор морис_компакт моррис_ред донской_таб don_tabak
дт_премиум сент_джордж сент_джорж оскар_супер_сл мак_слимс
mac_слим мак_супер_сл mac_super_slims kiss_super_slim кисс_дрим кисс_мохито kiss_mojito kiss_cherry
kiss_clubnichka петр_эталон петр_черный_эталон пётр_1_эталон фест_красный фест_синий fest_red nz_compact
нз_8 queen_menthol queen_слим арома_рич терра_перл teria_amber tereya хитсы хиитс фит_криспи нео_тоб
нео_брайт кент_брайт_тоб glo_sticks glo_стики стик_нео харвест_вишня хэндлесголд лм_лофт лм_блю лм_ред
лм_синий lm_blue некст_роуз кэмел_комп camel_comp camel_filters кэмел_филтерс
собрание_элементс sobranie_black sobranie_refine davidoff_reach davidoff_evolve ричмонд_клан
richmond_coffee ричмонд_кофе моорэ more_slim more_120 мор_слимс глэмур_лилак glamour_pink глэмур_пинк
гламур_менте эссе_голд эссе_айс esse_ice эссе_мэнтол эссе_сан esse_sun эссе_шуфф esse_double эссе_дабл
ява_белая ява_белое_злато ява_суперслим ява_оптима балканская_зв наша_прима прима_моршан прима_наша
полет_без_фильтра ростов_дон союз_апол ромео_и_джульет colts_cherry дельта_лил гло_эйр папиросная_бумага
сигаретная_бумага сигаретные_гильзы сигаретные_фильтры самокруточн_набор smoking_kukuruza
карты_сиг royals_red роялс_ред роялс_компакт royals_compact ротм_деми ротм_роял милано_слим
милано_супер_сл milano_super marble_слимс манчестер_сиг manchester_queen mond_слим mond_super_slims
монд_суперслим corset_слим corset_slims compliment_слимс compliment_slim даве_плат дав_платинум dove_plat
сенатор_виногр senator_grape senator_vino akhtamar_flavours garni_flavours гарни_супер ararat_exclusive
арарат_эксклюзив_слимс мт_слимс dunhill_master dunhill_fine кент_кор kent_core kent_feel kent_d-mix
ld_lounge лд_платинум ld_violet ld_pink лд_автогр лд_кофе chester_rem rodopi ромео_и_жульета
виллигер_премиум panter_dessert clubmaster agio_mehari мехарис mehari_s nobel_petit dannemann
smokers_choice blackstone_tip garcia_vega gudang garam_surya capone_jamaican backwoods бэквудс
нюхательный_таб нюх_таб ozona_snuff озона_снафф gletscher_prise глетчер_приз mcchrystal wilsons_snuff
poschl borkum_riff mascotte pepe_easy_green pueblo_blue drum_original amber_leaf golden_blend
gold_leaf_таб бохем_мохито bohem_mojito раисон esse_lights tereacapsule iluma_one илума_ван илюма
ориджиналс_дуо плум_икс lil_able лил_айбл pulze_thermo id_sticks айди_стикс heatsticks хитстики
одноразовая_электронная эльф_бап elf_bc elf_te лостмэри лост_мэйри lostmary айнфлейв hqd_hot hqd_wave
hqd_king hqd_maxx hqd_glaze hqd_miracle hqd_super hqd_cirak hqd_neo hqd_click эйчкьюди хкд_макс
ashqd waka_smash waka_blast waka_dm плонг пафмай gang_x_box ганг_х_box gang_x_pro funky_land husky_airy
husky_cyber хаски_дабл хаска_дабл хаски_салт husky_animals мад_хаски mad_husky zombie_party злая_монахиня
скала_салт luxe_xr ursa_epoch aegis_nano аегис wenax самозамес chaser_lux чейзер_солев chaser_солев
chaser_black чейзер_лакс куб_паучи cube_паучи mosaic_паучи мозаика_паучи iceberg_паучи айсберг_паучи
iceberg_ultra iceberg_150 iceberg_75 corvus_extreme корвус_паучи арка_паучи шейк_паучи shake_паучи
siberia_80 сибирия_80 lyft_ice velo_ice velo_freeze zyn_cool зин_пэки tabu_паучи blax_паучи faff_паучи
swave_паучи фокс_паучи the_boldes lucky_паучи dlta kasta_паучи тор_паучи никотиновые_паучи паучи_никот
паучи_мята паучи_лайм паучи_вишня паучи_мятн паучи_арбуз паучи_кола пачи_ice пэки_никот никотиновые_пэки
никотиновые_пластинки никотиновый_бустер nikobuster никобуст must_hav маст_хав dark_side_core black_bern
daily_hook элемент_вода element_земл satyr_25 satyr_high jent_25 jent_cocktails kaloud spectrum_class
spectrum_hard spectrum_classic sarma_360 северный_проф старлайн_25 starline_25 бурн_25 overdose_25
овердоз_25 шебеланж chabelange dogma_100 аль_ваха al_ajamy social_smoke azure_gold eternal_smoke
дигастро malaysian_x cocoloco coco_loco crown_уголь_25 краун_кокос crown_кокос
qoco_turbo oasis_кокос panda_coal tom_coco cocourth cocoyaya cococha xlim_pro
икслим xlim_sq smok_pozz smok_solus voopo argus_pod вмейт vinci_pod feelin_a1 rick_and_morty_salt
джус_бокс joos_box jooz juice_box_pod pod_система подсистемка эл_сиг элсигарета эл_парогенератор ijoy_bar
айджой ijoy_uranus vapengin вапенджин fullsteam tikobar smokekitchen toyz_cyber логик_компакт логик_капсул
джуул vuse_go vuse_pods vuse_epod вьюз_го veev_one veev_now veeva_one relx_infinity relx_pod
jin_ling джин_линг chunghwa чжунхуа shuangxi шуанси кредо_слимс минск_капитал минск_супер_сл cavallo_слимс
nz_original корона_супер_сл hongtashan marvel_слимс marvel_sapphire oris_pulse oris_intense орис_пульс
zest_slims pine_super_slims bohem_mini
instabar lyk_bar ene_bar mosmo_storm тагбоат iamdep vapetape gippro kubikvape toxique yovo_jb
snowwolf_smart romio_plus pyne_pod nexx_bar airscream iwibar podgon_salt ace_superwhite zeronito
kurwa_extreme siberia_extra siberia_white сибирия_экстрим killa_cold killa_mint pablo_ice pablo_exclusive
пабло_эксклюзив thunder_frosted
донской_св мак_компакт мак_синий мак_син мак_красный парл_аква парл_найт парл_сильвер corvus_brutal
корвус_брутал айсберг_триангл iceberg_triangle шайба_блакс шайба_снюс жижа_брызги павел_мол колба_хука
рогатка_никотин
esse_chan соль_подонки salt_rick salt_podonki
эссе_манго эссе_дыня эссе_вишня эссе_клубника esse_mango эссе_черника
"""
# The devices: what belongs to them is sold with them.
DEVICES = """
iqos айкос glo_hyper гло_хайпер glo_pro ploom плум_х lil_solid vaporesso вапорессо voopoo вупу geekvape
гиквейп smoant смоант pasito пасито xros хрос joyetech джойтек caliburn калибурн rincoe nevoks charon_baby
cotton_bacon"""
# Also a name or another maker's brand: a hint must stand beside it.
WEAK = """
арт_деко art_deco кентик капитан_джек captain_jack зомби_пати глэмур колтс_вишня колтс_черри colts_cherry
дакота dakota под_сист элди элдэ эл_ди эл_дэ элэм эл_эм л_энд_м эл_энд_эм элэндэм l_and_m пэлмэл
sobranie dunhill корсар_оф_зе_квин корсар_оф davidoff давидофф фэст ахтамар гарни oris орис 21_век delia
lil_solid miix attacker дуал подонки candyman рик_и_морти skala бошки boyar kilo voodoo dabbler vaal pico
vandy аделия duft дафт сатир jent endorphin wto dogma догма hooligan хулиган sarma ronin ронин element_вода
lirra faraon kurwa iceberg бонд bond кент kent java ld лд lm лм л_м кэмел кемел хортиця ducat монте_карло
monte_carlo давыдов glo гло akhtamar ротмэн наша_марка герцеговина_флор бизнес_класс dubliss cavallo cigaron
craftium trofim ararat арарат lux_pod logic_compact джиннс djinns
честер петр_1 петр_первый karelia карелия_табак carena карена bohem бохем toscano phillies филлис
principes nistru plugarul doina ducal дукал gold_mount голд_маунт golden_gate голден_гейт westpoint
родопи ту-134 charon шарон vype oggo rell релл killa килла faff malaysian малазийка narcoz xros cthulhu
ктулху trifecta severnyi levia учики lifa лифа saratoga саратога macintosh nanopack
лигерос
терия
хаска хуста эльфлик elfliq elfworld elf_world вапак airis cuvie кюви vmate gtx чеизер чейзер урса ursa эгис
аргус argus ivg джент танж маклауд maklaud hoob нуссо lil лил парлик парламентик кентуха примка прилуки
прилуцкие ватра гленмор glenmor галуаз голуаз gauloises житан gitanes вилигер виллигер villiger ритмейстер
блэкстоун blackstone самокрут ашка ашкуди мальборка rebel_vape space_tea бриск элфик эльфик
балканка вирджиния_слимс virginia_slims соль_20мг солевая теря тирия
rick_and_morty
"""
# Common words: only a hint that nothing else has makes them a brand.
COMMON = """
оскар elf арома опал manchester манчестер atlantis атлантис corset marble донской бт мт mt мондо
петр фм
пм glamour гламур лиф корона соверен sovereign премьер premier престиж prestige атаман визит мюллер muller
даллас dallas манхеттен оскар балканка сенат цезарь кариока magnat магнат фаворит favorit яхта столица
золотой_лист президент president кабинет nz форт compliment комплимент milano senator сенатор максим
тройка оптима нео waka вака husky хаски overdose satyr nash banger kraken zomo spectrum cobra siberia lyft
velo ява kiss кисс play next некст camel esse эссе vogue вог прима хортица стюардесса ричмонд richmond дукат
собрание плей плэй neo udn izi levels soak smok aspire aegis gang salt солт тайга космос друг пегас queen
нз милано армада полет прибой казбек север apollo аполло marengo fort parker паркер marvel corsar business
chaser queens lifa deus сибирия capone harvest evo эво puff максвелс maxwells анархия vinci taboo yeti
toyz gang_x ultra_salt аполлон марвел бизнес thunder blax corvus cannabis starline
минск фест альянс виктори новость лайка кретек голд_маунт макинтош hamlet pepe pueblo cherokee
stanley колледж поэзия стрелец луч астра дымок памир арктика вега опал интер фэмили ким time ultima
ультима legend легенда жок портланд portland аляска alaska dove more red_line novo zeus ursa эгида
physics fizzy физзи соак фанки снупи ice_paradise cotton_candy zenith максвелл glitch toxic токсик
transformer blaze night_shift protest протест cult наркоз trava mad dojo bang fume kasta каста пабло
pablo cuba куба general element старлайн овердоз деус энтузиаст palitra палитра haze azure азарт unity
юнити apache aircraft buta бута contrast фрегат frigate do_you боксс drag драг
бз пс герцеговина мак вест лаки lucky вирджиния virginia династия портал верблюд logic логик blow
nasty analog crown bliss танж плум
"""
# Sizes, filters and colours of packets. A strong one is hardly ever said of other goods.
STRONG_HINTS = """
тонкие тонкая клаб club клуб классика bleue роуз rose рози вайолет лилак lilac пинк pink черри cherry
вишня желтый желтая желтые мрц слимс slims суперслимс superslims суперслим superslim super_slims
super_slim супер_слим супер_слимс деми demi нанотек nanotek king_size кинг_сайз qs ss ks xs ос oc сс кс
xstyle xsense хстайл хстаил хсенс икс_стайл с_фильтром затяжек затяжки затяжка затяж puffs паффов пуффов тяг
пачка блок кнопкой кнопка hd hw mtl rta rda rba rdta ohm ом пыхов пыхи
"""
HINTS = """
blend бленд virginia вирджиния классич ice айс mint аром амбр новель novel навигатор тач touch файн fine
роял royal аура aura кинг king
силвер стайл style элементс elements меланж melange смарт smart крист классическая афтер after резерв
reserve compact компакт slim слим нано nano lights лайтс лайт ментол menthol blue блю блу red ред рэд silver
сильвер white уайт gold голд black блэк green грин violet виолет yellow браун brown amber эмбер purple пурпл
синий синяя синие красный красная красные белый белая белые серый серая серебро серебряный серебристый
голубой голубая голубые крас кр бел темн тем сил зол серебр комп сл черный черная черное черные светлый
светлая
зеленый зеленая золотой золотая золото
platinum платина платинум premium премиум label лейбл лэбел loft лофт original оригинал ориджинал ориг mix
микс classic классик классический classics hd neo switch свитч свич click клик impulse импульс aqua аква ray
рей selection селекшн edition night найт dark дарк exotic экзотик tropic ruby арома красн син голуб корич
желт жел золот сереб серебр сильв черн зел зелен фиол фиолет коричневый коричневая aroma aero аэро connect
коннект expand экспанд б/ф fusion фьюжн crush краш
"""
# Colours and sizes of packets; gold and white are said of coffee and pastes, too.
LATIN_COLOURS = "red blue silver menthol violet purple lilac compact slims superslims nano"
# Colours of packets in Russian letters.
ENGLISH_COLOURS = """
блю блу рэд ред пинк лилак вайт уайт силвер сильвер блэк блек грин браун эмбер перпл пурпл вайолет виолет голд
платинум лайтс компакт compact слим нано
"""
VAPE_HINTS = """
никпэк никпак однораз
одноразовая одноразовый одноразовое salt солт nic никотин nicotine hard ultra_salt вейп вейпа vape pod
pods под-систем подик испарител ohm ом mtl rta rda rba затяжек тяг puffs койл coil мгмл
"""
# What two beginnings of words, one of each text, say together that neither says alone ("=" marks a whole
# word). The merchant decides.
TELLING = (
    ("сига= сиги=", "поштуч штучн пачк"),
    ("эл= одн=", "сиг="),
    ("нас=", "жев зел мят сух= пак= пакет мешоч классич вес порц"),
    (
        "паучи пачи пэки пэкс",
        "никот corvus iceberg мят лайм вишн арбуз кола черник лед ледян ice айс ягод манго малин мг=",
    ),
    ("кокос=", "угол угли уголек"),
    ("заправк картридж капсул", "никот чубак затяж логик logic"),
    ("таб= табачн табак", "самокр сам= сам-к кал= кальян"),
    ("смес", "кал= калян"),
    ("намотк", "клэптон клептон фьюз нихром кантал койл ом="),
    ("хлопок", "muji муджи вейп bacon бекон"),
    ("трубк", "вереск бриар курит"),
    ("гильз", "картон табак 500= 1000= firebox cartel gama сигар"),
    ("паучи pouch", "kurwa курва velo вело zyn siberia сибир odens оденс blax chaser шок"),
    ("cartridge cart=", "ml= ohm xros apex luxe pod mesh ом="),
    ("фильтр", "слим slim сигарет самокр регуляр"),
    ("машинк", "набив гильз самокр"),
)
# The size of a packet: with a colour beside it hardly anything else.
FORMATS = "compact компакт slim слим slims слимс nano нано лайтс lights"
# Said of cigarettes alone.
SURE_FORMATS = "суперслимс superslims суперслим superslim slims слимс деми demi нанотек nanotek"
