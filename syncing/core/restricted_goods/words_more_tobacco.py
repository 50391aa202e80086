"""More cigarettes, cigars, devices, liquids, hookah tobaccos and pouches; see `vocabulary`."""

# Names that are hardly anything else.
CIGARETTES_STRONG = """
донской_т мак_blue мак_блю george_karelias karelias маршал_красный маршал_синий
донской_темный донской_светлый mond_strawberry
монд_клубника style_blue west_red золото_инков аякс_тонкие у_е_красные марк_1 супер_слим супер_слимс
вирджиния_уно virginia_uno моррис_эксперт роялс_красные роялс_синие бидис биди high_star craven_a крейвен_а
golden_deer jps_black john_player джон_плеер lambert_butler ламберт_батлер liggett мейфэр mocne морвен_голд
peter_stuyvesant питер_стайвезант ronhill septwolves seven_stars superkings ziganov huanghelou хуанхэлоу
huangguoshu baisha yuxi юйси yun_yan zhongnanhai чжуннаньхай furongwang haomao double_happiness yellow_crane
lesser_panda pine_change bohem_cigar h_upmann hoyo_de_monterrey хойо_де vegafina arturo_fuente rocky_patel
alec_bradley macanudo guantanamera jose_l_piedra хосе_пьедра santa_damiana flor_de_selva drew_estate
acid_kuba perdomo plasencia joya_de_nicaragua leon_jimenes te-amo toscanello candlelight_cigar
hav-a-tampa кинг_эдвард dutch_masters alsbo_black alsbo cherry_ambrosia skandinavik samuel_gawith w_o_larsen
rattrays cornell_diehl american_blend old_holborn van_nelle lux_cherry k_ritter_compact ritter_slim
american_aviator
прима_нево прима_дона прима_погар прима_дукат pm_novel pm_compact pm_premium pm_mix vip_akhtamar vip_compact
apollo_soyuz аполлон_союз kent_futura camel_activate more_balance milano_mocca business_royals vogue_unique
dukat_city дукат_оф дукат_супер marlboro_fuse
тонино_ламборгини cloud_9 red_and_white silk_cut benson_and_hedges benson_hedges бенсон_и_хеджес gold_flake
black_devil nat_sherman dji_sam_soe sampoerna_mild сампурна_майлд bentoel ducados liqun changbaishan arin_berd
sary_arka кинтеро upmann bossner vasco_da_gama schimmelpenninck willem_ii tiparillo tobajara тобахара
flor_de_oliva neos_mini don_tomas mehari evo_sticks jouz_20 fasoul ecosticks royal_corsair
королевский_корсар captain_kidd amphora_full danske_club clan_aromatic troost_aromatic трост_аромат stanwell
стэнвелл haspek стэнли_вирджиния drum_bright мак_бленд bonte_slims харвест_вишн сибирский_самосад
wings_синий
корсар_роял корсар_ройал минск_5 медео_сиг
блэк_типс black_tips зиг-заг_бумажки zig_zag_бум
"""
CIGARETTES_COMMON = """
west mond style marshal дакар аякс марк аллюр атлантик бельведер бриз bayron belgrade белгрейд brass bristol
cambridge кембридж camelot campbell carroll кэролл carnival centurion центурион charme шарм coast континент
davos derby eagle elegance everest felicita феличита focus fortuna gallant golden_king golden_tiger harvard
hilton hollywood голливуд imperator iskra jps jade jewel ламберт лидер легион level london lord лорд magna
матрикс memphis mikado monarch монарх монклер mustang nevada noblesse omni ориент oxford palermo players
плеерс plaza polo примус quest rgd регал регина richman ритм ritz ривьера riviera rockets royale рояль русь
salem смена стерлинг supreme татьяна trend vantage вантаж vip виза visa winchester windsor
виндзор yukon zebra черноморские рейс шипка слынце sunce волна примула махра alliance capri
korston credo masis tempo fiesta goldfield nanjing нанкин taishan diamond хунмэй bolivar punch trinidad
oliva padron quintero gurkha гурка cao camacho nub moods мудс panter swisher colts neos неос apostrof zino
avo griffins chacom peterson savinelli stanislaw vauen excellent flandria domingo крутка акцент accent
revolution manitou pm столичные
wings вингз комета богатыри ronson embassy newport mayfair tonino канцлер chancellor
кронон gold_seal bonte la_paz rodeo тут
вип зино
"""
VAPES_STRONG = """
luxe_q luxe_xr freeton nicopods nicopod puff_xxl annima айплей iplay икос глоу_хайпер glow_hyper лил_кит
doric_20 doric_galaxy doric_60 doric_q gti_coil tpp_dm
nord_c novo_pro rpm_2 rpm_5 rpm_c rpm_40 rpm_80 pozz_x solus_2 ipx_80 morph_3 tfv18 tfv16 tfv12 lp1_coil
lp2_mesh luxe_x luxe_pm40 gen_80 renova_zero target_pm sky_solo veco_one osmall barr_pod eco_nano_pod
battlestar_baby battlestar levin_pod naboo_pod crown_m popreel sculptor_pod valyrian sonder_u digi_u
digiflavor obelisk_120 iceking_pod fizzy_max fizzy_mega fizzy_great waka_ez udn_lux soak_mini soak_fit
jomo_tech маск_кинг bang_xxl bang_box r_and_m_tornado rabbeats_rc luffbar nexbar nexa_n airmez aivono favostix
widewick vladdin ub_lite_pod drop_dead_rda kylin_m kylin_mini berserker_mini hadaly_rda wasp_nano
brunhilde_rta intake_rta blotto juggerknot gata_rta dvarw taifun_gt bishop_mtl vapefly augvape jackaroo
fresia_rta bskr_mini freemax maxus_200 fireluke marvos_pod innokin endura_t18 endura_t20 zlide coolfire
gozee_pod klypse_pod kroma_pod plexus_pod dotmod dotaio billet_box сквонкер сквонк_мод squonk pulse_bf
pulse_rta manto_aio manto_pro rincoe_manto icon_duo icon_turbo icon_gold leafbar lil_kaif iget_xxl iget_bar
kory_pod vishbar et_by_waka боро_танк elektro_jam alfaliq alfa_liquid xyliq xylinet riot_squad dr_frost
just_juice_salt cosmic_fog space_jam_juice cuttwood naked_100 pachamama_salt candy_king_salt
propaganda_eliquid fluffy_puff fruit_monster_salt blvk_salt nasty_juice mad_juice twist_salt peredoz_salt
никотин_бустер никотинка_база vandal_extra vandal_salt подгонки соль_перезагрузка inflave_max
inflave_air inflave_spin supsmok suorin_air moti_piin smoktech snowplus snowwolf tastefog тейстфог
chillax_neo lost_vape_ursa dovpo vapor_storm storm_eco obs_cube cube_x_pod teslacigs ehpro damnvape
steam_crave wirice oumier wake_rta fog_bar yuoto_thanos aspire_zelos aspire_pockex aspire_breeze
aspire_spryte smoore feelm_max uwell_whirl uwell_popreel
zeltu kado_bar orion_bar esco_bars_mesh flum_pebble flum_float ske_crystal crystal_bar elux hayati foger
adjust_mycase feoba dragbar smokemon vapsolo sikary pons_disposable kuz_lux айгет puff_flow posh_plus
nerd_bar monstervape bliss_bar xqube vapeman smok_stick smok_alien smok_morph advken asmodus expromizer
pioneer_rta zeus_dual apocalypse_rda goon_rda profile_rda siren_rta obelisk_60 sonder_q vinci_q vinci_x
drag_q drag_e nfix_pro propod_gt acro_pod g-priv x-priv stick_v9 tfv8 tfv9 luxe_pm target_200 gen_200
zero_s_pod degree_pod vilter_fun vilter_pro koko_prime коко_прайм злой_монах pachamama cloud_niners dripmore
lemonade_monster mishka_salt мишка_солт pandora_salt mosaic_salt hash_salt kit_salt anarchia_salt
anarchia_v2 анархия_соль bar_juice nerds_salt katana_salt trava_ufo хаски_минт dota_salt дота_солт
arcane_salt arcane_hs slurm_salt сларм_солт r_m_tornado usn_pro zombie_cola_salt pinkman_vampire
тринити_солт trinity_salt cabron_salt mango_crime smoke_mafia punk_salt cannadips gajane chainpop чейнпоп
cuba_ninja fumi_salty grant_extra avantpouches shock_by shok_bai blax_by dzyn volt_pearls xqs вело_полар
вело_фриз вело_айс вело_минт юфорикью
zino_mini
icecool жмых_mono ачёнет vthru мономакс_жидк паучи_kurwa арка_шок шок_75 waka_solid тоха_5000 раз_9000
раз_25000 гэнг_8000 гэнг_бокс bad_rabbit monster_vapor max_liberty
фафф
bjorn_salt bjorn_темный бьорн_тёмный пошлая_рабыня hero_5 icefox_premium
helwit jakobssons northerner qpop roda_taget alt_nic anyx_pro aquios axbar biffbar bombo_жидк cigtronix
daze_ohmlet drip_hacks dudu_bar ebdesign ecigwizard eleafs eyce fluum frunk_bar frioo_bar fullwat glamee
haiz_bar happ_bar hitme_bar hypebar icewave_bar innobar jam_king joecig jucy_bar kardinal_stick klik_klak
kumiho lafi_bar lava_plus litejoy loon_maxx luckee_bar luto_xl maryliq mico_bar mintt_bar mr_fog nexel_bar
nicbar noovi_bar off-stamp olit_bar packspod pacha_syn packwoods pixl_bar posh_bar puffco puffking puffmax
puffy_bar quawins raz_dc rifbar rodman_bar rufpuf sili_bar sinco_bar smax_bar snapp_bar solobar strio_bar
supbar swft_mod tace_bar tance_max tastebar tpp_pod typhoon_bar uborb ulo_bar usonicig vabar vabeen vapehub
vapelustion vapesoul vapme vaporlax vaptex veiik vekta_bar vookbar vq_bar wafu_bar xtra_bar xyfil yami_bar
yolobar yumi_bar zaero_bar zlab_bar zovoo zoy_bar
"""
VAPES_WEAK = """
tugboat feelin flexus gotek cyber_x evio_pod exceed_grip teros_one cubis_pro centaurus orion_q thelema_quest
siren_v paranormal whirl_s sceptre_tube amulet_pod yearn_neat ego_aio breeze_nxt isok санти santi_pod
sky_pod monashka peredoz vandal nikoliq blvk iget ashka rabbit_pod lumi_bar
ezzy изи yooz veev rick_morty ижи ижой
anarchia
хайпи
изик куб_бокс
tabu bryzgi
зин
"""
HOOKAHS_STRONG = """
spectrum_hl spectrum_cl musthave malasian_20 смесь_чайковский cobra_virgin cobra_select cobra_origins
fakhamah khlyab dead_horse
дед_хорс deadhorse hookafina layalina лаялина golden_layalina xracher pizduk ultima_thule bluehorse
chaos_turbo betacoco carbopol three_kings три_кинга swift_lite alpha_x_hookah wookah ocean_kaif
conceptic_design nanosmoke amy_deluxe mamay_customs shi_carver smokelab element_air element_огонь
virginia_middle muassel наш_40 joy_alpha banger_ft starbuzz_vintage satyr_brilliant дарксайт мастхев_125
musthave_125 ettan_los goteborgs_rape nick_and_johnny nordic_spirit loop_jalapeno
white_fox вайт_фокс kelly_white thunder_nrg corvus_ultra corvus_xxl tyson_2.0 тайсон_2.0 chpoki nic_packs
насвар epok_extra adex_click adex_easy qvks mcchrystals gletscherprise logic_pro logic_epq релкс vuse_pro
вьюз veo_sticks вео_стик uwoo_sticks uwoo lambda_cc lambda_i3 hitaste хитейст kamry_k pluscig ceecig_sticks
mix_sticks jti_logic pulze_2 фит_маршмеллоу fiit_marsh delia_ruby terea_starling сентия_фроснет
maridan_tobacco aqua_mentha al_massiva смиллер craft_jent старт_нау start_now spacesmoke space_smoke dark_side
tabbris upgrade_form апгрейд_форм альфа_хука mexanika_smoke ykap hookahtree werkbund telamon moon_phunnel
cosmo_bowl gusto_bowls black_cocos cocosworld cocoguru blackcoco коко_ригс oasis_72 краун_72 korivo
raw_black raw_classic raw_organic blunt_wrap blunt_wraps greengo papelito
маст_25 маст_125 дарк_25 дарк_30 дарк_100 дарк_250 мх_25 мх_125 аф_50 дс_30 дс_100 дс_кор хл_спектрум бб_25
бб_100 оверд_25 бёрн_25
сарма_25 сарма_40 сарма_50 сарма_100 сарма_120 sarma_25 sarma_40 sarma_120
chillma desvall dozaj el_badia элбадия jookah kong_bowl mahalabeya oduman pan_raas sahara_smoke
smokezilla steamulation tabamex true_smoke tumbaki vortex_чаша voskurimsya zaghloul
"""
HOOKAHS_WEAK = """
хлябь dusha nuris xeos ксеос morpheus dschinni mazaya мазая mizo romman saidy soex соекс зомо malaki subzero
shabazz kaif mamay kronan kaliber knox offroad gawith snuff снэтч snatch tyson тайсон bagz apres
epok adex molecula relx vuse veo вео lambda kamry pulze blu_pod подик трофимов
бернер
даффт дафф muratti
"""
HOOKAHS_COMMON = """
hook хук наш душа nur нур ветер b3 ready реди alchemist алхимик indigo khalil nirvana vag ugly hype
атмосфера sultan chaos хаос karma misha temple joy catch ettan grov loop ace fox hit dope дамп pubg shake
шейк tube slick zona basta nos woods icon starling
сарма
"""
