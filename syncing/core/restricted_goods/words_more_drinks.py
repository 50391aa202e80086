"""More houses of beer, wine and spirits, by kind; `vocabulary` says how the lists are written."""

# Germany and Austria, Bohemia, the Low Countries, Britain and Ireland, the rest of the world, breweries of
# many towns, cider.
BEER_STRONG = """
шварцвальд_пшеничн
жатец бочка_золотая чешский_гранат ячменный_двор taras_boulba
рыжий_ап хмельной_барин хмельная_миля
золотой_колос_св пражский_замок баварский_двор немецкий_двор венский_двор бравый_швейк
швейк_св шоппе_браун карл_густав кайзер_вильгельм айсбир ceska_pinta чешская_пинта kralovice краловице
line_brew лайн_брю steinbrau штайнброй байриш_хель bayerisch_hell schneiders ausweis аусвайс дуб_и_обруч
маглуар блонд_де_люкс gold_mine кр_восток пиволюб тёмный_бык weihenstephaner veltins
karlsquell clausthaler furstenberg rothaus tannenzapfle wernesgruner kostritzer костритцер кёстритцер
diebels stortebeker штёртебекер berliner_kindl schultheiss schlenkerla tucher_helles тухер_хелль monchshof
мёнхсхоф zipfer ципфер stiegl штигль puntigamer ottakringer кёниг_людвиг konig_ludwig konig_pilsener
гаффель_кёльш gaffel_kolsch licher_pils мозер_лизель гротверг датч_виндмилл перлакер svijany свияны
cerna_hora postriziny пострижинское rychtar rohozec vratislav лежак_светлый svetly_vycep cerny_kozel
черный_козел староческе_традични прага_премиум la_chouffe ла_шуфф мак_шуфф mc_chouffe delirium_red
kasteel_rouge кастил_руж westvleteren affligem maredsous маредсу st_feuillien сен_фёйен steenbrugge
rodenbach роденбах timmermans cantillon floris_kriek флорис_вишня mongozo blanche_de_bruges brugse_zot
gulden_draak corsendonk tongerlo bourgogne_des_flandres st_stefanus сан_пьерр гентс_строп ребелс_строп
trappistes трапист_рошфор swinkels bavaria_8.6 royal_posthorn karhu_olut sandels олви olvi pelforth
smithwicks o_haras belhaven белхевен innis_and_gunn bishops_finger samuel_smith boddingtons john_smiths
tennents elvis_juice abbot_ale castle_lager spitfire_ale nastro_azzurro menabrea mahou cruzcampo
alhambra_especial super_bock sagres san_miguel сан_мигель эстрелла_дамм coors_light кёрс_лайт blue_moon
блю_мун samuel_adams lagunitas anchor_steam red_stripe saigon_special сайгон_эспешл taj_mahal hite_extra
kloud_original alexandrapol азерчай corgon topvar urpiner dreher дреер soproni borsodi arany_aszok tyskie
тыске lech_premium лех_премиум debowe_mocne gubernija uzavas ursus_premium ciuc kamenitza каменица шуменско
jelen_pivo karlovacko карловачко amsterdam_navigator hollandia_светлое двойной_золотой
восточно-сибирское калинкинъ келлерс_кроне липецкое_росинка мозырьпиво слодыч корона_сибири
старый_томск тверское_афанасий хмельная_кружка
хмельной_бочонок раковарня хмель_и_солод златый_фазан gold_fassl клин_самурай
тархун_хмельной вишня_хмельная квас_хмельной мёд_хмельной медовый_стан лимонный_радлер mikes_hard майкс_хард
hard_lemon hard_lemonade hard_seltzer хард_зельцер хард_селтцер white_claw garage_hardcore
big_village_brewery 4brewers brewlok red_rocket_brewery lux_in_tenebris hophead_brewery on_the_bones
pivot_point space_rescue labeerint_brewery rewort magners bulmers kopparberg rekorderlig thatchers westons
старый_роджер old_rosie chesters_вишня яблочный_спас rebel_apple ребел_эппл stowford_press aspall_cyder
von_vacano вольный_ветер старый_тамбов bernard_лежак бржнице dudak chodovar ходовар praczka
svaty_norbert святой_норберт фельтинс dortmunder steam_brew стим_брю barre_pils wurzburger вюрцбургер
bayreuther байройтер wolters_pilsener sternburg lubzer rostocker schlappeseppel distelhauser dinkelacker
grafenwalder damburger bockbrauer falkenfelser фалькенфельзер liebenweiss либенвайс перлензауфер
perlensaufer кёнигсбергер konigsberger original_pils hb_munchen беар_бир афбрю заговор_пивоварня биг_вилладж
big_village paradox_brewery парадокс_пивоварня victory_art chibis_brewery knightberg найтберг panzer_brewery
rocket_brewery new_riga coven_brewery bottle_share glavpivmag midnight_project бирмания schwarzkaiser
блан_де_мазай blanche_de_mazay мотор_бир blackcat_brewery чинтао снежок_чинтао bia_saigon halida_beer yebisu
max_hite taedonggang тэдонган эфес_драфт sol_cerveza сол_сервеса сол_цервеса pacifico_clara victoria_cerveza
jupiler bernardus gouden_carolus петрюс petrus_aged beamish hobgoblin theakston old_peculier shepherd_neame
volfas окоцим лидбир lvivske bergauer хырдалан qibray st_anton сан_антон val_de_rance лоик_резон
aspall savanna_dry hunters_dry angry_orchard apple_bite kingswood берендей_мед zatecky жатецкий велкопоп
крон_бланш гринбит мягкий_солод холод_и_солод seth_and_rileys сет_энд_райли джоус_популярный гаррет_вишн
гаррет_грейп
duchesse_de_bourgogne синяя_гусеница magic_drop чёрный_рыцарь губаха_ipa фридрих_вайс frau_hop
ячменный_лев пивовар_пан голд_майн_бир злата_прага ханс_гюнтер пиводел
szalon_бут чиназес алтайский_стандарт вечер_в_брюгге galway_hooker ohara_irish caffreys franciscan_well
ghost_ship speckled_hen wychwood marstons doom_bar thornbridge magic_rock gamma_ray_apa camden_town
camden_hells honey_dew_fullers vintage_ale_full brakspear charles_wells mcewans orkney_brewery
skull_splitter innis_gunn traquair harviestoun old_engine_oil fyne_ales williams_bros fraoch pauwel_kwak
houblon_chouffe liefmans лифманс liefmans_fruitesse oud_beersel 3_fonteinen bacchus_kriek vichtenaar
oud_bruin averbode bush_ambree bush_blonde queue_de_charrue augustijn bornem agnus_dei quintine bons_voeux
avec_les_bons wieckse_witte wieckse hertog_jan gulpener lindeboom dommelsch estaminet cristal_alken
maes_pils primus_haacht palm_speciale limburgse_witte vleteren_alt omer_blond ingelmunster rince_cochon
tank_7 goose_island гус_айленд dogfish_head ballast_point founders_all rogue_dead brooklyn_east shiner_bock
yuengling busch_light natural_light michelob michelob_ultra keystone_light miller_high moosehead unibroue
la_fin_du_monde maudite blanche_de_chambly trois_pistoles indio_cerveza sol_mexican cusquena кускенья
cristal_peru polar_cerveza presidente_cerveza bucanero_fuerte antarctica_cerveja itaipava ambar_especial
damm_lemon ichnusa birra_messina fix_hellas alfa_hellas taybeh stella_egypt sakara tusker castle_milk
gulder
реддс
"""
BEER_WEAK = """
radler шварцбир schwarzbier kellerbier келлербир marzen мэрцен doppelbock barleywine weisse вайссе hefe хефе
хелль framboise jaws zavod_brew ершистое пиво-воды пикра chouffe kasteel пираат straffe hollandia голландия
медовар frulite фрулайт томатка тёмносвет saison sidre
chesters la_ferme ла_ферм
чеховец штайнхаус
хель
dargett даргетт клаштер
"""
BEER_COMMON = """
светлая_голова родной_край пенная_коллекция высшая_проба ржаной_хутор чёрная_кошка чёрный_дракон
старый_замок ячменный_хутор седой_граф золотой_ячмень бравый_солдат львиное_сердце красная_бавария
медвежья_кровь тамбовский_волк сибирские_короли дикий_крест кружка_свежего чешский_лев золотой_фазан
белый_кремль голд_майн бурый_медведь колчак ермак купец велес горец викинг венец келлерс россич светлояр
заречное благодатное ангара алтай praga
ferdinand lezak licher gaffel sion faust palm boon bush harp alfa modelo pacifico founders rogue leo cass
касс hite terra polar perla silva union saris каменское lav lasko elisey шнайдер саванна zenith келлер вит
kaiser barbar delirium orval koff карху
южная_заря конрад дарьял regent horn варка пинта беркут вяз пивник бражник ямщик мельник
кайзер шкипер боцман старый_порт форштадт купчик мохнатый_шмель чёрный_лев
баварец пивоварыч
"""
# Vodka, brandy, whisky, rum and tequila, gin and liqueurs, the spirits of the East.
SPIRITS_STRONG = """
ron_pampero pampero_blanco pampero_anejo памперо_бланко

старый_тбилиси старая_тифлис тройной_сек бодрый_дед сибалко
чистогон хан_баязет хан_кучум гранд_мастер каптейн_морган
кэптайн_морган капитан_барбосса олд_николас лесная_мята_наст
старый_дилижан старый_тифлис сокровище_тифлиса легенда_тифлиса солнце_еревана ереванская_крепость
старый_ереван золото_еревана царь_тигран царь_ашот
князь_багратион




дербентская_крепость зимняя_вишня_наст югра_кедровая вятка_озёрная single_malt
сингл_молд double_cask sherry_cask акентошан бомо_12 гран_марье цвак_уникум zwack inchmoan inchmurrin
glens_platinum ben_lomond crystal_head raki_yeni yeni_raki agwa_de mr_jekyll archers_peach st_germain
schwartzhog takamaka mezan_jamaica hoppers_original баш-габриельсен bache_gabrielsen напуэ
хайд_парк строгановская на_березовых_бруньках кинзмараули кинзамараули киндзамараули аква_вита алтайский_мёд
байкалит белая_вежа беловежская_зубр
дальстандарт евроспирт казёнка
косогоровъ косогоров_самогон легенда_кремля мороша_ур монополька
березовых_бруньках налибоки нольсемь пятизвёздная

первак_домашний первак_ржаной wyborowa soplica ciroc_vodka ciroc_blue ciroc_apple ciroc_coconut
ciroc_pineapple vodka_ciroc reyka russian_diamond carskaya silver_onyx eristoff
vikingfjord titos_handmade ной_араспел ной_подароч гёк-гель старый_кахети дару-бенд david_ivereli
давид_ивериели барза_албэ жан-жак имам_шамиль сокровище_дербента старый_дербент золотой_дюк новокубанский
альминский монте_чоко delamain frapin фрапен louis_royer луи_ройер jules_gautret croizet круазе larressingle
fussigny de_fussigny де_фюссиньи prince_hubert принц_юбер veterano_osborne ветерано_осборн three_barrels
стар_бэррел stock_84 black_sea_gold vinprom сланчев_бряг blue_hanger cattos кроуфордс crawfords
jeremiah_weed lauders laird_of_fintry macarthurs old_parr queens_seal robbie_burns robert_burns роберт_бернс
royal_salute sir_edwards something_special ushers_green whyte_and_mackay william_grant уильям_пил
вильям_грант golden_stag glen_rivers glen_silver glen_deveron glenfarclas aultmore auchentoshan аухентошан
balvenie benriach benromach bruichladdich брукладди bunnahabhain буннахавен caol_ila каол_айла cardhu
clynelish cragganmore deanston glendronach glenkinchie glenrothes гленротс kilchoman knockando longmorn
mortlach singleton_dufftown синглтон springbank strathisla tamdhu tamnavulin tobermory tomintoul
tullibardine house_of_peers highland_chief powers_gold teeling connemara tyrconnell даблинер writers_tears
woodford old_forester knob_creek ноб_крик early_times ancient_age rebel_yell канадиан_клаб амрут paul_john
kavalan kakubin kamiki camikara ardray hatozaki barrel_and_smoke баррел_энд_смоук oak_and_smoke red_hunter
seven_yards 7_ярдов семь_ярдов fox_dogs фокс_дог рашн_бёрд don_papa dictador flor_de_cana planteray_rum
pussers ron_abuelo tres_hombres bumbu dead_mans_fingers ron_cubay cachaca кашаса_51 pitu_cachaca
sagatiba карта_бланка habana_club corralejo корралехо tres_agaves gran_centenario clase_azul opihr sipsmith
jenever boukman london_dry isolabella изолабелла vaccari borghetti боргетти underberg fernet_stock
pernod_ricard перно_рикар mari_mayans tunel_absenta strega_liquore xuxu ксу-ксу giffard creme_de_cassis
крем_де_кассис verpoorten emmets carolans dooleys дулис_тоффи feeneys mollys_irish молли_айриш
ocaseys sangsters mozart_chocolate patron_cafe noilly_prat нуали_пра punt_e_mes carpano_antica cin_cin
чин-чин_вермут чам_чум kizakura baijiu байцзю jiangxiaobai цзян_сяо_бай er_guo_tou вулянъе wuliangye
башкирский_бальзам медово-перцовая
вкус_победы хаома бодайбо d.i.mendeleev чистая_росса eristavi varshavskaya серебро_урала битнер
riga_black иремель minttu franco_schulz франко_шульц вилла_кардеа barmalini cherry_heering
bellini_canella canella kazumyan веди_алко прошян_5 прошян_7 арегак арменика порт_петровск staryj_kenigsberg
carlos_i jules_clairon raynal_vsop рейнал_всоп monteru_vsop chabasse dupuy лоусонс фокс_энд_дог блэк_рам
tokinoka
camino_real камино_реал clan_campbell клан_кэмпбелл sir_pitterson сэр_питерсон гленморанджи аберлауэр
balblair ханки_баннистер j_and_b дж_энд_би seagrams old_crow олд_вирджиния santa_teresa санта_тереза аплтон
сейлор_джерри casamigos agavita hakushika sayuri_sake kweichow фень_цзю fenjiu erguotou slivovica nonino
aalborg бернадотт
blantons вагаршапат эгриси сакартвело барон_отард голден_рустер highland_baron хайленд_барон кинг_чарльз
кентукки_джентльмен дон_амиго лесная_быль новокуб_5 clansman burn_mackenzie блэк_вельвет st_remy
сен_реми аморино_лик
montelobos lunazul juarez_gold agavales casco_viejo каско_вьехо las_iguanas centinela_tequila maestro_dobel
fortaleza_blanco codigo_1530 tres_sombreros pepe_lopez пепе_лопес tapatio_blanco del_maguey glens_white
glens_black steel_drum стил_драм capt_bucanero bucanero_ron бейтлс black_tears ron_botran doorlys
varadero_ron варадеро edmundo_dantes caney_ron vigia_ron bermudez_ron macorix oliver_ron presidente_ron
kirk_and_sweeney ron_millonario millonario_15 abuelo_ron ron_de_jeremy worthy_park smith_and_cross
woods_navy lambs_navy old_pascas clement_rhum damoiseau karukera pink_pigeon chairmans_reserve el_dorado_12
el_dorado_15 xm_royal tanduay шалахо_10 dom_benedictine meskals st_brendans brogans irish_mist
kuemmerling kleiner_feigling берентцен berentzen aftershock goldschlager mandarine_napoleon lucano_amaro
jannamico braulio nardini_grappa marzadro candolini sibona vecchia_romagna веккья_романья lheraud
leopold_gourmel
tiffon ragnaud normandin_mercier abk6 roullet_vsop pasquinet maxime_trijol daniel_bouju braastad renault_carte
salignac janneau dartigalongue castarede samalens pere_magloire busnel крамбамбуля krupnik trejos_devynerios
suktinis zalgiris bobeline malunininku allasch kannu_kukk laua_viin viru_valge saaremaa
бэллс
лион_де_кирсова вайлд_турки
"""
SPIRITS_WEAK = """
шопен chopin белведер собески sobieski kauffman organika skyy titos байкальский_лед ледяная_слеза
столбовая ситарская шекснинская адъютантский клинков каховка калараш сюрпризный вардзия шираки эниселе
гянджа годе godet chabot hine prince_polignac dimple ushers teachers_high knob bookers mulata arecha unicum
fernet amaro pernod перно suze суз chartreuse dolin carpano aperitivo ozeki калгановая сливянка трояр джейби
spiced пряный_золотой rhum jimador ницинандали
бехер гаянэ кирсан старожиловский ереван
шамахы аморино
месхети advocaat танкерей ветерано legendario diplomatico
"""
SPIRITS_COMMON = """
лунный_камень полярная_звезда полярный_круг две_реки лесной_край родниковый_край серп_и_молот золотой_лев
белый_снег русская_душа русский_характер русский_дух синий_платочек северный_полюс мост_победы
лесная_красавица хорошая_компания снежный_леопард павловская_слобода старик_хоттабыч великий_устюг
великая_русь белое_озеро белая_русь самоваръ кедровый_бор медвежий_угол чистая_слеза царская_охота
царская_корона спелый_колос русская_удаль русский_купец казачья_удаль казачий_круг казачий_стан
сибирский_тракт сибирский_лёд таёжная_тропа таёжный_край княжий_двор княжий_град стольный_град барский_двор
барское_подворье купеческий_двор золотая_сова белый_барс белый_клык граф_орлов граф_толстой князь_потёмкин
князь_владимир белая_леди казак_уральский кедровый_спас медовый_спас охотничий_домик сибирские_афины
улыбка_снегурочки шотландский_лис три_старика иван_калита ваше_благородие вольный_казак золото_дона
золото_россии байкальский_айсберг трын-трава золото_скифов старый_кремль печора_мягкая рецепты_старой
четыре_времени сибирский_характер русь_матушка серебряный_лист лунтай абшерон асланов барская барханная
бауманская беседа богородская боярская бриллиантовая брусничка брянская
буян валдай веда вотчина всполье выборная графская гусарская даймонд даниловская держава дворцовая дуэль
есаул завалинка заповедная зимушка златоглавая златогорье иваныч иней исток казачок кедр колос
кошерная курай ледяная любава метелица мироновская мосье немировская орда озерная охотничья перепёлка печора
пивоваров пограничная рублёвка русалка самогоночка сахалинская серебряная славная славянская снегири стужа
столетняя сударь тамбовская тигран топаз трезор тульская тюменская украинка уральская финская флагман
флотская хлебник хуторок цельсий чайковский честная чистейшая шафран шадринская экстра ямская
ярославская якутия амурская азов каспийская екатеринбургская ленинградская дымка емеля гостинец pravda noy
мане манэ карабах тирасполь суворов суворовский лион ужгород тиса карпаты десна большой_приз лауреат самшит
черноморский вечерний крокус рашель тбилиси аскания прасковея oban paddy powers logan passport dubliner
benchmark pitu cargo bayou milagro avion brokers larios sapphire juniper antica soho safari strega mozart
godiva molly торино тутовая кизиловая горькая хреновая абрикосовая balsam kuntz отар мост остров
штурвал русский_север русский_резерв винокурня блокпост байкалов топтыгин потапыч косолапый бульба авторитет
бахчисарайский кавказская_пленница имам старая_гвардия дед_мазай сваты тёща кумовья бабай добрыня
илья_муромец дружина государыня фельдмаршал крейсер погранец морпех урман самотлор нефтяник бажовская
хозяйка_медной старый_хутор хрустальный_родник родники_россии
винопарк рассвет_дона белая_крепость таёжный_родник зимняя_сказка зелёный_змий белая_ночь кедровый_дар
великоросс царская_чаша купеческая_чарка горькая_рябин хозяин_тайги хозяйка_тайги слеза_байкала
капля_байкала байкальская_слеза душа_байкала славянская_мечта славянский_стандарт старорусская
бабушкин_секрет беловежская темный_хор
мичуринка тальян
волжский_богатырь усадьба_бестужев иверская_слеза аврора_люкс балтийский_берег витязь_люкс добрый_шубин
луга-нова хлебная_роса люкс_альфа шорская_легенда пятьдесятпять легенда_алтая сибирский_соболь минусинка
саянская_легенда золотой_улус якутские_алмазы чочур_муран боевые_сто_грамм знамя_победы дембельский_аккорд
исток_беслан атаман_платов облепиховка старый_знахарь тайны_тайги сила_тайги карибский_пират аракел артавазд
эчмиадзин гегард гетаберд давид_бек зангезур звартноц матенадаран мровали нор_арарат оганян татев хоренаци
царь_пап эривань эриванский ахалцихе вардиани колхети сараджев тифлисский гянджлик дербентский хаджи_мурат
дагвинпром тираспольский тавриза
раздан плантейшн
"""
# The wines of Russia and its neighbours, then houses of the world.
WINE_STRONG = """
бодегас_рока тамянка князь_лев
дон_бокарте виа_романа casa_vinicola
дольче_вита_п/сл грех_монаха слёзы_монаха
монастырский_кагорчик старая_винодельня погреб_монаха
графиня_де баронесса_розе барон_д_ариньяк baron_d_arignac графский_погреб alla_moda pino_grigio hans_baer
le_grand_noir conti_serristori la_croix_du karas_red primasole sante_rive baron_romero asti_fonte дель_фиоре
вилла_дель ай-серез айгешат александроули бюрнье винодельня_юбилейн гостагай древний_херсонес
легенда_крыма миллезим одюбон папаскири поместье_голубицкое голубицкое_пом
семигорье усадьба_саркел чёрный_лекарь эльбузд cock_t_est_belle зб_зеро belbek_winery burnier
uppa_winery вилла_виктория вилла_красная крымская_ривьера фирма_мильстрим rich_celebration
артвайн artwine krimsekt baron_philippe blossom_hill carlo_pellegrino casa_defra
castillo_de_liria cavicchioli cono_sur corte_giara de_bortoli el_coto emiliana_adobe errazuriz
faustino_rivero felix_solis finca_las_moras folonari frontera_merlot gerard_bertrand jp_chenet ж_п_шене
жан_поль_шене jean_balmont kim_crawford koonunga kumala la_chamiza la_planchelle les_jamelles louis_latour
luis_felipe marques_de_caceres маркес_де_касерес maison_castel mezzacorona меццакорона mirassou moselland
oyster_bay ойстер_бэй pata_negra piat_d_or ramon_bilbao riunite roche_mazet рош_мазе santa_carolina
санта_рита santa_margherita schmitt_sohne spy_valley sutter_home tarapaca terra_andina turning_leaf
undurraga вилла_мария vina_tarapaca wolf_blass 19_crimes ca_del_bosco perlino riccadonna
veuve_olivier henkell хенкель_трокен maschio_prosecco rose_d_anjou cru_bourgeois comte_de_mariac mancura
vinedos кампо_вента gran_castillo baron_de_vilfort grand_mousseux вье_папэ vieux_papes montes_alpha
санта_хелена viu_manent marques_de_arienzo торре_мора bardinet дон_хулиан
эшера апсха ликурия узунов uzunoff саук-дере дагвино_игр тибаани telavi телавский_погреб shumi мухрани
besini гетап вайоц_дзор милештий_мич dionysos_mereni лион_гри слёзы_ангела старый_монах чёрный_монах
дар_монаха вилюж старый_нектар бикавер санта_стефано боско_розе villa_degli_olmi вилла_дельи_олми
portovy_grog val_de_fleurie santa_ana_malbec sunrise_concha tocornal banfi_chianti gaja_barbaresco
cesari_valpolicella же_пе_шене либфраумильх rheinhessen hochtaler dornfelder kendermanns еллоу_тейл
stamp_of_australia kanonkop_pinotage robert_mondavi
мтацминда хареба дон_диего каса_маре пассо_добле сант_орсола сантанна_розе танголе дамский_каприз
дамские_пальчики_игр ла_манча
brancott_estate бранкотт idi_di_marzo mucho_mas golden_kaan konigsmosel кёнигсмозель marius_chapoutier
m_chapoutier abtei_himmerod сэндмен лилле_розе contarini cornaro_prosecco manfredi_asti montelliana
живописная_гудаута luccarelli puglia_lucarelli kressmann_monopole mouton_rothschild calvet_reserve
cellier_des_dauphins жигондас gigondas pouilly_fume meursault pommard gevrey марго_бордо pauillac
saint_julien fronsac bergerac madiran minervois corbieres_aoc faugeres picpoul_de_pinet trimbach dopff
gustave_lorentz wolfberger les_salices paul_mas поль_мас cotes_mas bouchard_pere joseph_drouhin jadot
luis_jadot georges_duboeuf дюбёф mommessin albert_bichot la_chablisienne william_fevre ricasoli peppoli
santa_cristina_tosc tignanello sassicaia bolgheri cusumano planeta_sicilia donnafugata tasca_d_almerita
corvo_rosso corvo_bianco settesoli feudi_di zaccagnini masciarelli velenosi umani_ronchi garofoli
fazi_battaglia verdicchio_dei falanghina greco_di_tufo aglianico salice_salentino leone_de_castris
tormaresca san_marzano_talo cannonau_di sella_mosca alto_adige livio_felluga jermann_vintage pieropan
bertani tommasi_ripasso
allegrini ripasso valdobbiadene вальдоббьядене bisol carpene_malvolti berlucchi ferrari_brut braida_barbera
batasiolo fontanafredda roero_arneis marques_de_murrieta cvne lopez_de_heredia
baron_de_ley marques_de_vitoria protos_ribera pesquera vega_sicilia emilio_moro martin_codax paco_lola
segura_viudas juve_camps anna_de_codorniu raventos jaume_serra palacio_de_bornos tierra_de_castilla pinord
gonzalez_byass tio_pepe lustau don_zoilo harveys_bristol грэмс_порт grahams_port dows_port fonseca_bin
cockburns порто_круз royal_oporto kopke ferreira_port casal_mendes lancers_rose periquita monte_velho
esporao alandra grao_vasco alianca_vinho madeira_blandys henriques_madeira domane_wachau laurenz_v
schloss_johannisberg dr_loosen loosen_bros deinhard black_tower блэк_тауэр pinot_madeleine weissburgunder
grauburgunder spatburgunder шпетбургундер мюллер_тургау токай_асу disznoko vartely salcuta rara_neagra
feteasca telti_kuruk prince_trubetskoi князь_трубецкой усадьба_мезыб мезыб дивноморское_усадьба divnomorskoe
skalistiy_bereg winepark блан_де_блан блан_де_нуар метод_шармат 100_оттенков_крас 100_оттенков_бел
kacha_valley golubitskoe_estate арпачин цимлянскiй кумшацкий
kwv
дербент_игр дербентское_игр цимлянское_игр кизляр_игр
"""
WINE_WEAK = """
пассерина рефоско фризанте malvasia bourgogne fleurie frascati gavi langhe moscato muscadet priorat
torrontes trebbiano sauvignon antinori barefoot бэрфут beringer botter danzante emiliana faustino frontera
moselle masi mateus montes piccini rosemount sandara septima vallado krug moet bolla мускатное sangria
таманские бельбек fragola chenet шене
амра hardys
шабо
вилаш vilash криково cricova викерри бракетто
"""
WINE_COMMON = """
жемчужина_россии дыхание_крыма испанская_ночь парижский_вальс вечерний_париж виноградные_истории корнет_розе
рубин_кавказа жемчужина_кавказа легенда_кавказа вкус_кавказа поцелуй_монаха тайна_монаха старый_погреб
высокий_берег французский_бульвар номерной_резерв наследие_мастера мадам_помпадур князь_голицын
французский_поцелуй алеандр амфора аристов бахус винодел галицкий геленджик голицын захарьин иверия
качинская нефертити ореанда
осеннее сталинград старая_лоза таврика тамань тетра эсперанса яйла ялос жемчужина castello finca domaine
bodegas esteban fontana gallo navarro norton planeta tini тини douro macon ribera rosso bourgeois cavatina
salute fresco decoy alamos feudo
кюве грешница исповедь паломник погребок виконт дофин аббат обитель тореро матадор коррида
солнечная_гроздь тмутаракань дон_санчо матадор_тинто ла_сорелла мон_амур мадам_клико мадам_бовари белла_вита
капризы_жозефины каприз_королевы дартаньян кардинал_ришелье старая_усадьба замок_тамплиеров тамплиер
граф_дракула кровь_дракулы слезы_невесты слеза_комсомолки ангельские_слёзы райское_наслаждение греховодник
искушение_монаха монастырский_дворик монастырский_шёпот мудрость_монаха исцеление_монаха завет_монаха
анна_федоровна
"""
# Drinks with alcohol in cans.
CANNED_STRONG = """
блек_рашен ягуар_вайлд ягуар_ультра хуч_супер санрайз_коктейль bravo_classic black_russian vinogradny_day
shake_pina шейк_пина шейк_бора eristoff_ice smirnoff_ice bacardi_breezer tropical_storm crazy_shot jack_cola
блайзер bartenders_cocktail рево_алко эль_тоник кубалибре
шейк_бора-бора чери_бомб
алко_казанова
бурбон_кола алко_мохито виски_энд_кола
"""
CANNED_COMMON = """
alko bravo casanova manhattan breezer cosmopolitan seltzer tiki hello
"""
ENERGY_STRONG = """
tornado_battle торнадо_баттл tornado_cherry torn_storm jaguar_cult нон_стоп_бум флэш_ягода адреналин_ягода
эон_энерджи э-он mad_croc мэд_крок power_horse crazy_wolf level_up_energy power_cell power_up_energy
hype_energy ultra_paradise mango_loco pipeline_punch пайплайн_панч monster_pacific monster_assault
монстер_ассолт celsius_live reign_total ghost_energy c4_energy lucozade fit_shock rich_energy freeway_up
доктор_энерджи адреналин_нейча вольт_имбирь вольт_манго energy_lime mr_big_energy berserk_energy
gorilla_mojito горилла_мохито черный_монстр дайзл g_drive пауэр_торр динами_т full_throttle карабао gfuel
m-150
лит_манго лит_черника лит_классик лит_ориг lit_blueberry
еон dizzy
"""
ENERGY_COMMON = """
booster guarana levelup energizer jungle kong moose taurus prime reign shock nuclear заряд форсаж forsage
бодрый битрейт golden_eagle buzz gamer
бодряк pulsar jet
"""
# What wineries are called in their countries, and what is printed on their labels.
WORDS_OF_WINERIES = """
bodegas bodega vinedos vina tenuta cantina cantine weingut winery vineyard vineyards domaine chateau cuvee
docg
doc igt aoc dop igp vino vini vin vins cellars celliers cave caves spumante tinto terre barrique reserva
riserva
cosecha vendemmia blanc rouge sauvignon syrah garnacha grenache malbec merlot shiraz zinfandel chardonnay
riesling cabernet verdejo viura macabeo carignan monastrell bordeaux medoc chablis sangiovese moscato muscat
"""
# Grapes whose names are other words, too.
GRAPES = """
мускат шираз мерло москато гаме гренаш сира барбера изабелла мадера кагор херес розе глера треббьяно пассерина
рефоско гави кава фризанте фриззанте
"""
# How the names of breweries end.
BREWERIES = ("пиво", "брои", "броу", "вайссе", "вайзен", "бир", "brau", "brew", "bier", "weisse", "weizen")
