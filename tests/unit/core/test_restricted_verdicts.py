"""Each sign of a name leads to one verdict, with what decided it; names made up after the shop trade."""

import pytest

from syncing.core.restricted_goods.name_classifier import classify_name

# "name = verdict restriction basis evidence"; the restriction without its "legal_".
VERDICTS = {
    "the beginning of a brand": """
Мальб ред = unsure tobacco brand мальб
Мальб = allowed
Ротм. красный = unsure tobacco brand ротм
Ротм красный = allowed
Пара красная 2шт = allowed
Хейнек 0,5 = unsure beer brand хейнек
Сумка для парлам ред = allowed
""",
    "a name on a bottle": """
Самурай 0,45 = unsure beer sign 0,45
Самурай 0,5 = unsure alcohol sign 0,5
Самурай 450 мл = unsure beer sign 450
Шампунь Самурай 0,45 = allowed
Добрый 0,45 = allowed
Капитан 0,7 = unsure alcohol sign 0,7
""",
    "a word as it is heard": """
Каньяк 5 лет = forbidden alcohol brand каньяк
Сегареты = unsure tobacco brand сегареты
Мизим = unsure medicine brand мизим
Супростин = unsure medicine brand супростин
Вотка Столичная = forbidden alcohol kind вотка
Кефер = allowed
Печение = allowed
Пахлава медовая = allowed
""",
    "a Russian word in Latin letters": """
pivo svetloe = unsure beer brand pivo
sigarety = unsure tobacco brand sigarety
konyak = unsure alcohol brand konyak
nastoyka = unsure alcohol brand nastoyka
pechenye = allowed
kofe zernovoy = allowed
""",
    "ordinary goods that are called small": """
Печёночка говяжья = allowed
Печеньки = allowed
Ватка = allowed
Болтик М6 = allowed
Бантики для волос = allowed
Бантики = allowed
Розмарин = allowed
Пектин = allowed
Шишка ёлочная = allowed
Шишка = allowed
Соус Терияки = allowed
Терияки = allowed
Брауни = allowed
Натура Сиберика = allowed
Горелка газовая = allowed
Бумага формат А4 = allowed
Формат А4 = allowed
""",
    "a small word": """
анальгинчик = unsure medicine brand анальгинчик
Фестальчик = unsure medicine brand фестальчик
Нурофенчик = unsure medicine brand нурофенчик
Снюсик = forbidden tobacco kind снюсик
Столик = allowed
Пирожочек = allowed
Тазик = allowed
""",
    "words run together": """
пивобалтика = unsure beer brand пивобалтика
водкахортица = unsure alcohol brand водкахортица
винстонсиний = unsure tobacco brand винстонсиний
виноградник = allowed
пивоварня = allowed
чайзелёный = allowed
""",
    "a word that a space breaks": """
Ци трамон = forbidden medicine brand ци трамон
Пара цетамол = forbidden medicine brand пара цетамол
си гареты = unsure tobacco brand си гареты
во дка = unsure alcohol brand во дка
ко ньяк = unsure alcohol brand ко ньяк
кон феты = allowed
ка пуста = allowed
На зол = allowed
""",
    "a digit for a letter": """
8одка = unsure alcohol kind водка
Т3кила = unsure alcohol kind текила
4ача = unsure alcohol kind чача
Си6ирская корона = unsure beer brand сибирская корона
V0dka = unsure alcohol kind vodka
P1vo = unsure beer brand pivo
Бумага А4 = allowed
Масло 5W40 = allowed
Кофе 3в1 = allowed
Батарейка CR2032 = allowed
""",
    "a noun cut without a dot": """
Виск Джонни = forbidden alcohol kind виск
Портвеш 777 = forbidden alcohol kind портвеш
Сигар = forbidden tobacco kind сигар
Конья 3 = unsure alcohol kind конья
""",
    "a brand cut without a dot": """
Три мед 1,35 = forbidden beer brand три мед
Сиб корон 0,5 = forbidden beer brand сиб корон
Три мед 200 г = allowed
Сок Дон 1 л = allowed
Белая сов 0,5 = forbidden alcohol brand белая сов
""",
    "a word of its own with a drink's volume": """
Конина 0,25 = unsure alcohol brand конина
Отвёртка 0,5 = unsure alcohol brand отвертка
Конина 1 кг = allowed
Отвёртка 0,5х75 = allowed
Сол 0,33 = unsure beer brand сол
Соль 0,33 = allowed
Малибу 0,7 = unsure alcohol brand малибу
""",
    "a name on a third of a litre": """
Самурай 0,33 = unsure beer sign 0,33
Самурай 330 мл = unsure beer sign 330
Святой источник 0,33 = allowed
Чай Самурай 0,33 = allowed
Самурай 0,3 = allowed
""",
    "the beginning of a medicine alone": """
Лоперам = unsure medicine brand лоперам
Каптоп 25 = unsure medicine brand каптоп
Мукалт = unsure medicine brand мукалт
Лоперам сумка = allowed
Капто = unsure medicine brand капто
""",
    "what is said over a counter": """
Дудка HQD = forbidden tobacco brand hqd
Испарик 0,6 = forbidden tobacco kind испарик
Жижа = unsure tobacco kind жижа
Чекушка = forbidden alcohol kind чекушка
Винчик = forbidden alcohol kind винчик
Дудка деревянная = allowed
Вискарик = forbidden alcohol kind вискарик
""",
    "a cartridge by its bore": """
Патрон 5.45 = forbidden other sign 5.45
Патрон 12/70 = forbidden other sign 12
Патрон Е27 = allowed
Дробь №3 = unsure other kind дробь
Дробь чугунная = allowed
Дубинка = unsure other kind дубинка
Дубинка надувная = allowed
Мачете = unsure other kind мачете
Мачете садовое = allowed
""",
    "how strong a liquid is": """
Маракуйя 20 hard = unsure tobacco sign hard
Маракуйя 20 г = allowed
Манго 50 salt = unsure tobacco sign salt
Манго 50 = allowed
""",
    "letters with accents": """
Zlatý Bažant 0,5 = forbidden beer brand zlaty bazant
Jägermeister 0,5 = forbidden alcohol brand jagermeister
Crème brûlée = allowed
""",
    "a noun beside one that says too little": """
Нож-финка = unsure other kind нож-финка
Нож-овощечистка = allowed
Кларитин-капли = forbidden medicine brand кларитин-капли
Шампунь-спрей = allowed
""",
    "a long brand that a space breaks": """
Киндзма раули = unsure alcohol brand киндзма раули
Томаты на ветке = allowed
Хван чкара = unsure alcohol brand хван чкара
""",
    "what is poured, by its sort": """
Тёмное кег 1 л = unsure beer sign темное
Живое (розлив) 1 л = unsure beer sign живое
Квас живой розлив 1 л = allowed
Мёд тёмный розлив 1 л = allowed
Белое розлив = allowed
""",
    "a salt that is smoked": """
Соль Brusko = unsure tobacco brand brusko
Соль морская = allowed
Соль Илецкая 1 кг = allowed
""",
    "a consonant before one of no voice": """
Пифко = unsure beer brand пифко
Вотка Царь = forbidden alcohol kind вотка
Лафка = allowed
Кнопка = allowed
""",
    "a small word that is misspelt or a name": """
Нурафенчик = unsure medicine brand нурафенчик
Рулетик = allowed
Котёнок = unsure other kind котенок
Араратик 0,5 = unsure tobacco brand араратик
Бондик красный = forbidden tobacco brand бондик
Самбучка = unsure alcohol brand самбучка
Ромашка = allowed
Брючки = allowed
""",
    "a washer and what is carried in one": """
Шайба Оденс = unsure tobacco kind оденс
Шайба 10 мм = allowed
Шайба М8 = allowed
""",
    "one cigarette": """
Сига поштучно = unsure tobacco kind сига
Сига слабосолёная = allowed
""",
    "a shocker in two words": """
Электро шокер = forbidden other kind шокер
Шокер электрический = allowed
Шокер игрушечный = allowed
""",
    "what is printed on packets": """
Полет оригинал МРЦ 135 = forbidden tobacco sign мрц
Кабинет 5000 затяжек = forbidden tobacco sign затяжек
Каберне сухое алк 12% = forbidden alcohol sign алк
Рубиновое алк. 11,5% 0,75 = forbidden alcohol sign алк
Сказка светлая алк. 4,7% = forbidden beer sign алк
Хутор алк 9,4% = forbidden beer sign алк
Хутор алк 9,5% = forbidden alcohol sign алк
Заря abv 40% 0,5 = forbidden alcohol sign abv
Крепыш vol 6% = forbidden beer sign vol
Роса об. 38% = forbidden alcohol sign об
Белое п/сл безалкогольное = allowed
Алазани п/сух без алкоголя б/а = allowed
Лоза алк. 0% безалкогольная 0,75 = allowed
Лоза для безалкогольного п/сл = allowed
Заря alc 40% = forbidden alcohol sign alc
Дуал 6000 puffs = forbidden tobacco sign puffs
Манго лед 6000 puffs = forbidden tobacco sign puffs
Дыня лайм 12000 puff = forbidden tobacco sign puff
Персик мята 8000 затяжек = forbidden tobacco sign затяжек
Киви 15000 затяж. = forbidden tobacco sign затяж
Печенье 5000 затяжек = unsure tobacco sign затяжек
Чехол 5000 затяжек = unsure tobacco sign затяжек
Кактус лайм 7000 затяжек = unsure tobacco sign затяжек
Cheese puffs 100 г = unsure tobacco sign puffs
Колготки без затяжек 40 den = allowed
Ежевика лед 50mg salt = unsure tobacco sign salt
Ежевика лед 50 г = allowed
Подонки 600 затяжки = forbidden tobacco sign затяжки
Лоза п/сл на безалкогольной основе = allowed
Лоза алк. 0% на безалкогольной основе = allowed
""",
    "what a drink is mixed with": """
Напиток с водкой = forbidden alcohol kind водкой
Сок с джином 0,33 = forbidden alcohol kind джином
Нектар с текилой ж/б = forbidden alcohol kind текилой
Тоник с вермутом б/а 0,25 = unsure alcohol kind вермутом
Сок с джемом 0,33 = allowed
Сок с мякотью и джинсы = allowed
Кофе с коньяком 0,2 ст/б = unsure alcohol kind коньяком
Чай с ромом 0,5 бут = unsure alcohol kind ромом
Чай с ромом листовой 100 г = allowed
Кофе с коньяком 250 г = allowed
Конфеты с ромом 0,2 = allowed
Игр. вино брют 0.75 = unsure alcohol kind вино
Игр. пистолет с вином = allowed
Игр. набор вино = allowed
Сироп от кашля Проспан = forbidden medicine brand проспан
Сироп Гербион плющ = forbidden medicine brand гербион
Капли против аллергии Зиртек = forbidden medicine brand зиртек
Леденцы от боли в горле Стрепсилс = unsure medicine brand стрепсилс
Леденцы от кашля = allowed
Крем против грибка = unsure medicine kind грибка
Спрей при насморке = unsure medicine kind насморке
Гель от варикоза 50 г = unsure medicine kind варикоза
Спрей от грибка обуви = allowed
Раствор от грибка для стен = allowed
Капли от глистов для собак = allowed
Крем от морщин = allowed
Порошок от тараканов = allowed
Сироп ваниль 1 л = allowed
Коктейль с виски и колой 0,33 = forbidden alcohol kind виски
Напиток с ромом и лаймом 0,45 = forbidden alcohol kind ромом
Лимонад с пивом = forbidden beer kind пивом
Безалкогольный коктейль с водкой = unsure alcohol kind водкой
Напиток со вкусом рома 0,5 = allowed
Напиток с ромашкой = allowed
Коктейль молочный с ванилью = allowed
к/пиву водка = forbidden alcohol kind водка
к/пиву сухарики = allowed
""",
    "a mere name in a can": """
Буревестник 0,5 ж/б = unsure beer sign ж/б
Хмельник 0,45 жб = unsure beer sign жб
Добрый 0,33 ж/б = allowed
Тархун 0,5 с/б = allowed
Аджика 0,5 ст/б = allowed
Олифа 0,5 ж/б = allowed
""",
    "a shortened sign of a weapon": """
Пистолет пневм. МР-654 = forbidden other sign пневм
Пистолет пневм. заклепочный = allowed
""",
    "a packet's size and colour": """
Компакт блю = unsure tobacco sign компакт
Нано слим = unsure tobacco sign нано
Compact Blue Menthol = forbidden tobacco sign compact
Клаб синий 160 = forbidden tobacco sign клаб
Клаб синий = unsure tobacco sign клаб
Розовые слимс = unsure tobacco sign слимс
Суперслимс = forbidden tobacco brand суперслимс
Ленточка компакт = unsure tobacco sign компакт
Деми = unsure tobacco sign деми
King size 150 = allowed
Ментол = allowed
Слим 120 = allowed
Ротманс компакт блю = forbidden tobacco brand ротманс
Кент компакт блю = forbidden tobacco brand кент
Корона компакт блю = forbidden tobacco brand корона
""",
    "a brand": """
Айкос = forbidden tobacco kind айкос
Честерфилд = forbidden tobacco brand честерфилд
Жвачкин Честерфилд = unsure tobacco brand честерфилд
Дубравушка Мартель 0,5 = forbidden alcohol brand мартель
Дубравушка Мартель = unsure alcohol brand мартель
Дубравушка Хейнекен = unsure beer brand хейнекен
Для Хейнекен = allowed
Филин Ротманс компакт = forbidden tobacco brand ротманс
Олеся Парацетамол = unsure medicine brand парацетамол
Олеся Парацетамол 500 мг = forbidden medicine brand парацетамол
Гусарик iqos = forbidden tobacco brand iqos
""",
    "a beer's sort without the noun": """
Чешское разливное = forbidden beer sign чешское
Немецкое светлое = unsure beer sign светлое
Немецкое светлое ж/б = forbidden beer sign немецкое
Баварское живое = forbidden beer sign баварское
Живое н/ф 1,5 = forbidden beer sign живое
Бархатное темное = forbidden beer brand бархатное
Крепкое = unsure beer sign крепкое
Янтарное = unsure beer sign янтарное
Живое = unsure beer sign живое
Разливное = forbidden beer sign разливное
Жигулевское бочковое = forbidden beer brand жигулевское
Боровчанка разливное живое = unsure beer sign разливное
Светлое для Натальи = allowed
Пражское 0,5 л = unsure beer sign пражское
Венское легкое 1 л = forbidden beer sign венское
Легкое осеннее = allowed
Темное = unsure beer sign темное
Темное 330 мл = unsure beer sign темное
Светлое осеннее = allowed
Светлое лесное = allowed
Живое лесное = unsure beer sign живое
Светлое кофе = allowed
Живое для кваса = unsure beer sign живое
""",
    "a noun that has another meaning": """
Эль светлый = forbidden beer kind эль
Ром 0,7 = forbidden alcohol kind ром
Ром = unsure alcohol kind ром
Ром белый = unsure alcohol kind ром
Эль = unsure beer kind эль
Стаут = unsure beer kind стаут
Ale Dark Forest = unsure beer kind ale
Ирландский эль = unsure beer kind эль
Белый ром = unsure alcohol kind ром
Дубовый крепкий портер = unsure beer kind портер
Вовкин эль = allowed
Вовкин эль 0,5 = unsure beer kind эль
Джин Бифитер = forbidden alcohol brand бифитер
Джин Гордонс = forbidden alcohol brand гордонс
Сиг = unsure tobacco kind сиг
Салют = unsure other kind салют
Салют праздничный = unsure other kind салют
Фейерверк = unsure other kind фейерверк
Портер Крюгер = forbidden beer kind портер
Аперитив горький = forbidden alcohol kind аперитив
Мадера выдержанная = forbidden alcohol kind мадера
""",
    "a brand that is another word": """
Кент 8 = forbidden tobacco brand кент
Кент = unsure tobacco brand кент
Кент белый = forbidden tobacco brand кент
Корона синяя 110 = forbidden tobacco brand корона
Корона синяя = unsure tobacco brand корона
Корона 130 = unsure tobacco brand корона
Корона = unsure tobacco brand корона
Мартини = unsure alcohol brand мартини
Мартини бьянко = forbidden alcohol brand мартини бьянко
Мартини сухое 1 л = forbidden alcohol brand мартини
Мартини 1 л = unsure alcohol brand мартини
Жигули = unsure beer brand жигули
Жигули барное = forbidden beer brand жигули барное
Жигули н/ф 0,5 = forbidden beer sign н/ф
Жигули 0,5 = unsure beer brand жигули
Охота светлое ж/б = forbidden beer brand охота
Вовкина охота 0,5 = unsure alcohol sign 0,5
Глицин = unsure medicine brand глицин
Глицин 100 мг №50 = forbidden medicine brand глицин
Глицин Байкальский = unsure medicine brand глицин
Йод = unsure medicine brand йод
Йод 5% 25 мл = forbidden medicine brand йод
Драйв = unsure age brand драйв
Драйв энергетический = forbidden age brand драйв
Драйв 0,5 ж/б = forbidden age brand драйв
Драйв 0,5 = unsure age brand драйв
Бизон = unsure age brand бизон
Бизон 0,5 = forbidden age brand бизон
Бизон энерджи = forbidden age brand бизон
Бульдог Бизон 0,5 = unsure age brand бизон
Абсолют = forbidden alcohol brand абсолют
Абсолют 0,5 = forbidden alcohol brand абсолют
Абсолют горькая = forbidden alcohol brand абсолют
Русская = unsure alcohol brand русская
Русская 0,5 = unsure alcohol brand русская
Русская люкс 0,5 = forbidden alcohol brand русская
Дюк Абсолют 0,5 = forbidden alcohol brand абсолют
Зубр = unsure beer brand зубр
Зубр пэт = unsure beer brand зубр
Зубр н/ф пэтф = forbidden beer sign н/ф
Пико 20 мг = unsure medicine sign мг
Вака 5000 = forbidden tobacco brand вака
Вака = unsure tobacco brand вака
Вака salt = forbidden tobacco brand вака
Максим 150 = unsure tobacco brand максим
Максим красный 150 = forbidden tobacco brand максим
Максим красный нано = forbidden tobacco brand максим
Наша марка = unsure tobacco brand наша марка
Наша марка золотая = forbidden tobacco brand наша марка
Герцеговина флор 7 = forbidden tobacco brand герцеговина флор
Элемент вода 25 г = forbidden tobacco brand элемент вода
Дафт 100 г = forbidden tobacco brand дафт
Дафт 70 г = unsure tobacco brand дафт
Сирра Дафт 100 г = unsure tobacco brand дафт
Для Кент = allowed
Русская полусладкая 0,5 = forbidden alcohol brand русская
Русская люкс п/уп = forbidden alcohol brand русская
Русская люкс = unsure alcohol brand русская
Изабелла сладк сух = unsure alcohol brand изабелла
Изабелла брют 0,75 = forbidden alcohol kind брют
Шато кр/плс 0,75 = forbidden alcohol sign кр/плс
Йод листья = forbidden medicine brand йод
Йод 20 мл = forbidden medicine brand йод
Йод амп = forbidden medicine brand йод
Драйв 330 мл = unsure age brand драйв
Кент табачный = forbidden tobacco brand кент
Максим табачный = forbidden tobacco brand максим
Максим 155 = unsure tobacco brand максим
Охота 155 = unsure beer brand охота
Кент Лесовик = unsure tobacco brand кент
Кент Лесовик шерстяной = allowed
Кент Gentle = unsure tobacco brand кент
X Кент Gentle = unsure tobacco brand кент
Афоня к Кент 8 = allowed
Кент. 0.5 мг = forbidden tobacco brand кент
""",
    "a pharmacy's forms": """
Ромазилан таб. 100 мг №20 = forbidden medicine sign №
Зимовит фл 10 мл №5 = unsure medicine sign фл
Зимовит капс = allowed
Зимовит №10 = unsure medicine sign №
Зимовит 50 мг = unsure medicine sign мг
Зимовит таб = unsure medicine kind таб
Зимовит порошок = allowed
Ланамед порошок №10 = unsure medicine sign №
Ланамед фл 10 мл = allowed
Ланамед фл 20 мг №10 = unsure medicine sign фл
Витамин С таб 500 мг №20 = allowed
Витамин С №20 = allowed
Омега Эвалар капс №30 = allowed
Витамин Д таб №20 Вертекс = allowed
Биовит Вертекс таб = unsure medicine brand биовит
Биовит Тева №10 = unsure medicine sign тева
Шампунь Вертекс таб №10 500 мг = allowed
рх Сонмил = forbidden medicine brand сонмил
Сонмил [RX] 10 = forbidden medicine brand сонмил
Мятница трава = allowed
Бодряк 100 мг таб №20 = forbidden medicine sign №
Бодряк амп = unsure medicine sign амп
Шалфейница таблетки 200 мг №10 = forbidden medicine sign №
Натурвит таб №20 = forbidden medicine sign №
Натурвит Эвалар 500 мг №20 = unsure medicine sign мг
Натурвит Эвалар №20 = allowed
Рыбий жир капс 500 мг №60 = allowed
Витамин Е 100 мг №10 = allowed
Витамин Е таб 100 мг №10 = allowed
Носки таб 100 мг №10 = allowed
Сонница фл 100 мг №10 = unsure medicine sign фл
Сонница кап 10 мг = unsure medicine sign кап
Сонница трава №20 = allowed
Сонница Тева 10 мг = forbidden medicine sign мг
Сонница Тева 10 мг №10 = forbidden medicine sign мг
Сонница Тева фл 10 мг = forbidden medicine sign фл
Сонница трава цветки = allowed
Сонница 10 мг №20 = unsure medicine sign мг
Сонница таб Тева = unsure medicine kind таб
Сонница мазь Тева = unsure medicine kind мазь
Сонница таб 10 мг = forbidden medicine sign мг
Сонница таб №10 = forbidden medicine sign №
Сонница таб 10 мг Тева = forbidden medicine sign мг
Сонница Тева №10 10 мг = forbidden medicine sign мг
Сонница листья №10 10 мг = unsure medicine sign листья
Флорабицин рх = forbidden medicine sign rx
Бромелизин для селена таб 100 мг = unsure medicine sign таб
Бромелизин с селеном таб 100 мг №10 = unsure medicine sign таб
Валидол форте = forbidden medicine brand валидол
Флорабицин для селена таб 100 мг = unsure medicine sign таб
Сонница н-ка экстракт = unsure medicine sign н-ка
Сонница пор 10 мг = unsure medicine sign мг
Сонница таблетки 10 мг = forbidden medicine sign мг
Сонница амп №5 = unsure medicine sign амп
Сонница амп №5 10 мг = forbidden medicine sign амп
Сонница амп фл №5 = forbidden medicine sign амп
""",
    "an adjective and a bottle": """
Винный 0,7 = unsure alcohol sign винный
Винный = allowed
Энергетический 0,45 ж/б = unsure age sign энергетический
Энергетический = allowed
Табачный = unsure tobacco sign табачный
Коньячный 0,5 = unsure alcohol sign коньячный
Пивной 0,5 = unsure beer sign пивной
Кальянный = unsure tobacco sign кальянный
Для винного 0,7 = unsure alcohol sign 0,7
""",
    "what is only suspicious": """
Для кальяна = unsure tobacco kind кальяна
К пневматике = forbidden other kind пневматике
Для ружья = forbidden other kind ружья
Винтсон = unsure tobacco brand винтсон
Винсон красный 120 = forbidden tobacco brand винсон
Хейникен 0,5 = forbidden beer brand хейникен
Хенеси 0,5 = forbidden alcohol brand хенеси
Хеннеесси = forbidden alcohol brand хеннеесси
Хеннеесси 0,5 = forbidden alcohol brand хеннеесси
Честерфилт красный = forbidden tobacco brand честерфилт
Честерфилт 0,5 = unsure tobacco brand честерфилт
Верзилин 40% 0,5 = unsure alcohol sign %
Верзилин 35% 0,5 л = unsure alcohol sign %
Верзилин 60% 0,5 = unsure alcohol sign %
Верзилин 4,5% 0,5 ж/б = unsure beer sign %
Верзилин светлое 4,5% 0,5 = unsure beer sign светлое
Верзилин 3,5% 0,5 кег = allowed
Верзилин 9,5% 0,5 светлое = unsure beer sign светлое
Верзилин 9,6% 0,5 = allowed
Верзилин 4,5% 0,5 = unsure beer sign %
Буревестник 0,5 б/а ж/б = allowed
0,5 ж/б = allowed
Ж/б 0,5 к = allowed
Квас Горянка 0,5 с/б = allowed
Капитан 0,7 = unsure alcohol sign 0,7
Атаман б/а 0,7 = allowed
Гусарик 0,75 л = unsure alcohol sign 0,75
Гусарик 700 мл = unsure alcohol sign 700
Гусарик 0,8 = allowed
Гречишка 0,7 = allowed
Гусарик на воде 0,7 = allowed
Муромец светлое 0,5 ж/б = unsure beer sign светлое
Ягодка светлое 0,5 б/а ж/б = allowed
Ягодка тёмное 4,5% 0,5 = unsure beer sign темное
Ягодка тёмное 3,5% 0,5 = unsure beer sign темное
Ягодка тёмное 9,5% 0,5 = unsure beer sign темное
Ягодка тёмное 9,6% 0,5 = unsure beer sign темное
Лесовик 0.7 = unsure alcohol sign 0.7
Лесовик 0,70 = unsure alcohol sign 0,70
Лесовик 750 мл = unsure alcohol sign 750
Лесовик кола 0,7 = allowed
Мыло Лесовик 0,7 = allowed
Э 0,7 = allowed
Гусарик для iqos = unsure tobacco brand iqos
Гусарик для винтовки = forbidden other kind винтовки
Гусарик к ружью = forbidden other kind ружью
Винсон 0,5 = unsure tobacco brand винсон
Хейникен н/ф = forbidden beer sign н/ф
Хейникен = unsure beer brand хейникен
Балитка ж/б = forbidden beer brand балитка
Левенбрауу = forbidden beer brand левенбрауу
Левенбрауу 0,5 = forbidden beer brand левенбрауу
Хейникен 0,5 в термосе = forbidden beer brand хейникен
Хейникенн 0,5 = forbidden beer brand хейникенн
Честерфилт нано = forbidden tobacco brand честерфилт
Ягодка светлое 0,5 к квасу = allowed
Як 0,7 = unsure alcohol sign 0,7
Гусарик 0,7 77 = unsure alcohol sign 0,7
Гусарик 20 шт 0,7 = unsure alcohol sign 0,7
""",
    "a bare name like a medicine's": """
Кардипрол = unsure medicine kind кардипрол
Кардипрол плюс = unsure medicine kind кардипрол
Кардипрол плюс форте = allowed
Кардипрол 20 = unsure medicine kind кардипрол
Кардипрол для Бобика = allowed
Кардипрол с чаем = allowed
Чай Кардипрол = allowed
Флорабицин с хлебом = allowed
Флорабицин хлеб = allowed
Флорабицин с = unsure medicine kind флорабицин
Ф Флорабицин а = allowed
Флорабицин 5х = unsure medicine kind флорабицин
""",
    "a noun that says too little": """
Жидкость для мытья = allowed
Жидкость солевая арбуз = forbidden tobacco sign солевая
Жидкость 30 мл = unsure tobacco sign мл
Жидкость арбуз = unsure tobacco sign арбуз
Жидкость 20 мг арбуз = forbidden tobacco sign мг
Жидкость для чайника = allowed
Жидкость = allowed
Жидкость strong = unsure tobacco sign strong
Жидкость Бруско = forbidden tobacco sign бруско
Жидкость hard = forbidden tobacco sign hard
Картридж HP 652 = allowed
Картридж Смоант = forbidden tobacco sign смоант
Картридж смок = allowed
Картридж pod = forbidden tobacco sign pod
Картридж = allowed
Испаритель = unsure tobacco kind испаритель
Испаритель 0,3 ом = forbidden tobacco sign ом
Испаритель Кент = forbidden tobacco sign кент
Испаритель для воздуха аромат = allowed
Стики = unsure tobacco kind стики
Стики рисовые = allowed
Стики с сыром = allowed
Стики Кент = forbidden tobacco sign кент
Стики кофейные = allowed
Палочки нагреваемые = forbidden tobacco sign нагреваемые
Палочки ватные = allowed
Уголь = allowed
Уголь кокосовый = unsure tobacco sign кокосовый
Уголь активированный = forbidden medicine sign активированный
Уголь №10 = unsure medicine sign №
Уголь белый = unsure medicine sign белый
Уголь для мангала = allowed
Чаша Кент = unsure tobacco sign кент
Чаша = allowed
Капли = allowed
Капли №10 = unsure medicine sign №
Капли в нос = forbidden medicine sign нос
Капли 10 мл = unsure medicine sign мл
Капли 20% = unsure medicine sign %
Капли Глицин = unsure medicine sign глицин
Капли глазные = forbidden medicine sign глазные
Капли шоколадные = allowed
Капли Називин = forbidden medicine sign називин
Таблетки = unsure medicine kind таблетки
Таблетки мг 20 = unsure medicine kind таблетки
Таблетки 20 мг = forbidden medicine sign мг
Таблетки №10 = forbidden medicine sign №
Таблетки от боли = forbidden medicine sign боли
Таблетки витаминные = allowed
Таблетки магний №10 = allowed
Капсулы = allowed
Капсулы №10 = unsure medicine sign №
Капсулы омега №10 = allowed
Капсулы 20 мг = unsure medicine sign мг
Свечи = allowed
Свечи ректальные = forbidden medicine sign ректальные
Свечи амп = unsure medicine sign амп
Свечи глицин = unsure medicine sign глицин
Мазь = unsure medicine kind мазь
Мазь 5% = forbidden medicine sign %
Мазь лыжная = allowed
Раствор 5% = unsure medicine sign %
Раствор 10 = allowed
Раствор для линз = allowed
Раствор для наружного = forbidden medicine sign наружного
Раствор амп = unsure medicine sign амп
Спрей = allowed
Спрей для горла = unsure medicine sign горла
Спрей для волос = allowed
Спрей Глицин = unsure medicine sign глицин
Порошок №10 = unsure medicine sign №
Порошок Персен = unsure medicine sign персен
Порошок = allowed
Бальзам 40% 0,5 = forbidden alcohol sign %
Бальзам 0,5 = unsure alcohol sign л
Бальзам 60% = forbidden alcohol sign %
Бальзам 61% = allowed
Бальзам = allowed
Бальзам звездочка = forbidden medicine brand бальзам звездочка
Спирт = unsure alcohol kind спирт
Спирт 0,5 = forbidden alcohol sign л
Спирт питьевой = forbidden alcohol sign питьевой
Настойка = forbidden alcohol kind настойка
Настойка пиона = forbidden medicine sign пиона
Напиток Балтика = forbidden beer sign балтика
Напиток Зубр = unsure beer sign зубр
Напиток Корона = unsure beer sign корона
Напиток Мартель = forbidden alcohol sign мартель
Напиток Мартини = unsure alcohol sign мартини
Напиток Драйв = forbidden age sign драйв
Напиток Бизон = forbidden age sign бизон
Напиток винный = forbidden alcohol sign винный
Напиток курительный = forbidden tobacco sign курительный
Напиток = allowed
Напиток б/а Мартини = allowed
Смесь Кент = unsure tobacco sign кент
Смесь ореховая = allowed
База никотин = forbidden tobacco sign никотин
База салат = allowed
Гель для iqos = forbidden tobacco brand iqos
Гель Парламент = unsure tobacco brand парламент
Гель душистый Мартель = allowed
Гель для кальяна = unsure tobacco kind гель
Гель для винтовки = forbidden other kind винтовки
Виски гель = forbidden alcohol kind виски
Крем Хеннесси = unsure alcohol brand хеннесси
Крем Хеннесси с лимоном = unsure alcohol brand хеннесси
Гель для Парламент = allowed
Порошок Парламент с молоком = unsure tobacco brand парламент
Таблетки соль для умягчения = allowed
Таблетки сухое горючее = allowed
Мазь глазная = forbidden medicine sign глазная
Мазь ректальная = forbidden medicine sign ректальная
Уголь рисовальный = allowed
Уголь мебельный белый = allowed
Жидкость дым машины 100 мл = allowed
Жидкость антифриз = allowed
Пульки для пневматики = forbidden other sign пневматики
Пульки = unsure other kind пульки
«Коньяк» напиток 0,5 = forbidden alcohol sign коньяк
Жидкость лимонад = unsure tobacco sign лимонад
Жидкость шоколад = unsure tobacco sign шоколад
Жидкость клубника = unsure tobacco sign клубника
Жидкость для растений 100 мл = allowed
Жидкость д/растений 100 мл = allowed
Жидкость для кальяна 100 мл = unsure tobacco sign мл
Жидкость для клубники = allowed
Свечи 100 мг = unsure medicine sign мг
«Коньяк» гель = forbidden alcohol kind коньяк
«Сигареты» крем = forbidden tobacco kind сигареты
""",
    "a set": """
Набор водка и стакан = unsure alcohol kind водка
Набор водка и рюмка для водки = allowed
Набор пива = forbidden beer kind пива
Набор для пива стакан = allowed
Набор вина с бокалом = forbidden alcohol kind вина
Подарок виски = forbidden alcohol kind виски
Набор подарочный Хеннесси = forbidden alcohol brand хеннесси
Набор бокалов = allowed
Набор конфет = allowed
Набор = allowed
Набор 0,5 = allowed
Набор коньяк футболка = unsure alcohol kind коньяк
Набор футболка для пива пиво = allowed
Упаковка Парламент = forbidden tobacco brand парламент
Блок Парламент = forbidden tobacco brand парламент
Пачка Максим = forbidden tobacco brand максим
Комплект для вина = allowed
Подарок для виски лед = allowed
Набор коньяк и бокал д/коньяка = allowed
Набор коньяк и рубашка = unsure alcohol kind коньяк
Набор «Хеннесси» = forbidden alcohol brand хеннесси
Набор наливок 3 шт = forbidden alcohol kind наливок
Упаковка самокруток = forbidden tobacco kind самокруток
""",
    "forbidden goods by their noun": """
Водка безалкогольная = unsure alcohol kind водка
Вино и доска = unsure alcohol kind вино
Водка с доской = forbidden alcohol kind водка
Водка лимонад = unsure alcohol kind водка
Пиво лимонад = forbidden beer kind пиво
Пиво чехол = unsure beer kind пиво
Пиво (чехол) = forbidden beer kind пиво
Сигареты чехол = unsure tobacco kind сигареты
Вовкина водка = unsure alcohol kind водка
Вовкина водка 0,5 = forbidden alcohol kind водка
Вовкиной водки 0,5 = forbidden alcohol kind водки
Вовкино пиво = unsure beer kind пиво
Вовкино пиво ж/б = forbidden beer kind пиво
"Водка" Гусарик = unsure alcohol kind водка
"Водка" люкс = forbidden alcohol kind водка
Гусарик "Водка" 0,5 = unsure alcohol kind водка
Пиво = forbidden beer kind пиво
Вино для Натальи = forbidden alcohol kind вино
Водка (доска) = forbidden alcohol kind водка
Водка "Доска" = forbidden alcohol kind водка
Вино сок 0,75 = unsure alcohol kind вино
Вино "Сок" = forbidden alcohol kind вино
Пиво "Бокал" = forbidden beer kind пиво
Водка б/а = unsure alcohol kind водка
Водка для безалкогольного = unsure alcohol kind водка
Вино с б/а = unsure alcohol kind вино
Вовкиной водки = forbidden alcohol kind водки
Вовкино вино 0,7 = forbidden alcohol kind вино
Вовкиного вина 0,7 = forbidden alcohol kind вина
"Водка" Гусарик 0,5 = unsure alcohol kind водка
Гусарик «Водка» = unsure alcohol kind водка
(водка) Гусарик = forbidden alcohol kind водка
(водка) «чай» = allowed
«чай» (водка) = allowed
«чай» водка = forbidden alcohol kind водка
Вовкино вино кр/плс = forbidden alcohol kind вино
Вовкино вино брют = forbidden alcohol kind вино
Вино из безалкогольного сырья = unsure alcohol kind вино
""",
    "an ordinary thing first": """
Чехол для iqos = unsure tobacco brand iqos
Чехол iqos = unsure tobacco brand iqos
Ершик iqos = forbidden tobacco brand iqos
Средство для кальяна = unsure tobacco kind кальяна
Щипцы для кальяна = unsure tobacco kind кальяна
Чехол для винтовки = allowed
Вода для инъекций = forbidden medicine sign инъекций
Вода амп = forbidden medicine sign амп
Шприц в/м = allowed
Балтика чипсы = allowed
Чапман шоколад = forbidden tobacco brand чапман
Чапман шоколад 150 = forbidden tobacco brand чапман
Кепка мрц 99 = unsure tobacco sign мрц
Кепка п/сл 0,5 = unsure alcohol sign п/сл
Кепка п/сл = allowed
Бокал вина = forbidden alcohol kind вина
Бокал вино = unsure alcohol kind вино
Бокал вино 0,5 = unsure alcohol kind вино
Бокал для вина = allowed
Бокал (вино) = allowed
Стакан светлое разливное = forbidden beer sign разливное
Стакан светлое темное = allowed
Стакан Балтика = unsure beer brand балтика
Стакан Зубр н/ф = unsure beer brand зубр
Стакан Зубр = allowed
Кола с виски = forbidden alcohol kind виски
Кола с Хеннесси = forbidden alcohol kind хеннесси
Вишня сигареты = unsure tobacco kind сигареты
Вишня вино = unsure alcohol kind вино
Вишня вино 0,5 = forbidden alcohol kind вино
Вишня вино безалкогольное = allowed
Вишня Парламент = unsure tobacco brand парламент
Вишня Балтика = allowed
Вишня Балтика 0,5 = unsure beer brand балтика
Вишня Мартель 0,5 = allowed
Вишня п/сл 0,75 = unsure alcohol sign п/сл
Вишня п/сл = unsure alcohol sign п/сл
Вишня Redbull 0,5 = unsure age brand redbull
Шоколад пиво = allowed
Вишня (пиво) = allowed
Вишня для пива = allowed
Чай Кент красный = allowed
Красный Кент чай = forbidden tobacco brand кент
Вишня вина = allowed
Кола с Бакарди = forbidden alcohol kind бакарди
Лимонад с водкой = forbidden alcohol kind водкой
Чехол для Айкос = unsure tobacco brand айкос
Смазка для ружья = allowed
Ершик для кальяна = unsure tobacco kind кальяна
Зажигалка для кальяна = allowed
Щётка для кальяна = unsure tobacco kind кальяна
Фляжка с/водкой = allowed
Значок с водкой = allowed
Печенье амп = unsure medicine sign амп
Мороженое амп 5 = unsure medicine sign амп
Сок д/ин = forbidden medicine sign д/ин
Кефир инъекций = unsure medicine sign инъекций
Тарелка амп = allowed
Тарелка для кальяна = unsure tobacco kind кальяна
Щипцы iqos = unsure tobacco brand iqos
Фильтр iqos = forbidden tobacco brand iqos
Ёршик для кальяна = unsure tobacco kind кальяна
Кабель iqos = forbidden tobacco brand iqos
Мандарин для кальяна = unsure tobacco kind кальяна
Орехи для кальяна = unsure tobacco kind кальяна
Балтика сухарики = allowed
Ротманс орехи = unsure tobacco brand ротманс
Ротманс ваза = allowed
Чапман вишня = forbidden tobacco brand чапман
Хеннесси шоколад = forbidden alcohol brand хеннесси
Балтика квас = forbidden beer brand балтика
Редбулл сок = forbidden age brand редбулл
Бокал вишня вино = unsure alcohol kind вино
Кружка светлое живое = forbidden beer sign живое
Кружка живое = allowed
Кружка разливное нефильтрованное = forbidden beer sign разливное
Стакан светлое чешское = allowed
Стакан Парламент = unsure tobacco brand парламент
Стакан Кент 8 = allowed
Стакан (пиво) = allowed
Стакан пиво = unsure beer kind пиво
Стакан пиво 0,5 = unsure beer kind пиво
Стакан пива 0,5 = forbidden beer kind пива
Винстон кружка = unsure tobacco brand винстон
Вод. Зелёная марка 0,5 = forbidden alcohol brand зеленая марка
Вод. Сенежская 0,5 = allowed
Кола с мартелем = allowed
Кола для Бакарди = allowed
Кола со Хеннесси = forbidden alcohol kind хеннесси
Кола Бакарди = allowed
Морс с сигаретами = allowed
Апельсин п/сл 0,75 = unsure alcohol sign п/сл
Апельсин Балтика 0,5 = unsure beer brand балтика
Апельсин Ротманс = unsure tobacco brand ротманс
Апельсин (Ротманс) = allowed
Апельсин б/а вино = allowed
Апельсин вино для б/а = allowed
Апельсин табак = unsure tobacco kind табак
Апельсин сидр 0,5 = forbidden beer kind сидр
Кофе табак = allowed
Кепка МРЦ 100 = unsure tobacco sign мрц
Кепка бел/сух 0,7 = unsure alcohol sign бел/сух
Кроссовки полусладкое 0,75 = unsure alcohol sign полусладкое
Ротманс сок = forbidden tobacco brand ротманс
Глоток (ротманс) сок = allowed
Чай «Водка» (хлеб) = allowed
(хлеб) «водка» = forbidden alcohol kind водка
Хлеб «Водка» = allowed
«Хлеб» водка 0,5 = forbidden alcohol kind водка
Апельсин для пива Ротманс = unsure tobacco brand ротманс
Апельсин (лимон) табак = unsure tobacco kind табак
Апельсин вино б/а 0,75 = allowed
Апельсин вино для безалкогольного = allowed
Стакан светлое разливное живое = forbidden beer sign разливное
Лимонад с Айкос = unsure tobacco brand айкос
Лимонад со виски = forbidden alcohol kind виски
Вишня вино из безалкогольного сырья = allowed
""",
    "how a name is read": """
Чай + водка = forbidden alcohol kind водка
Водка+ = forbidden alcohol kind водка
Кент 8 + винсон = unsure tobacco brand кент
Чехол + винсон + водка = forbidden alcohol kind водка
Шоколад на основе водки = allowed
Конфеты со вкусом водки вина = allowed
Конфеты со вкусом нежной сладкой вишневой водки = allowed
Шоколад д/кальяна = unsure tobacco kind кальяна
Шоколад с/водкой = allowed
Леденцы вк рома = allowed
Туалетная вода Балтика = allowed
Вода туалетная с водкой = allowed
Вода с водкой = forbidden alcohol kind водкой
Парфюмерная вода Хеннесси = allowed
Детское шампанское 0,75 = allowed
Шампанское детское = allowed
Имбирное пиво = allowed
Пиво имбирное = allowed
Root beer 0,33 = allowed
Ром-баба = allowed
Табак душистый семена = allowed
Баба ромовая = allowed
Сигареты шоколадные = allowed
Шоколадное вино = forbidden alcohol kind вино
Джек Дэниелс 0.7 = forbidden alcohol brand джек дэниелс
XXI век = forbidden tobacco brand xxi век
L & M = unsure tobacco brand lm
Л М = unsure tobacco brand л м
1 л = allowed
Лаки страйк = forbidden tobacco brand лаки страйк
Ред Булл = forbidden age brand ред булл
Горянка 5 л ж/б = unsure beer sign ж/б
Йод 120 мл = forbidden medicine brand йод
Йод 121 мл = unsure medicine brand йод
Муромец 0,5 светлое ж/б = unsure beer sign светлое
Вака 600 = forbidden tobacco brand вака
Вака 650 = unsure tobacco brand вака
Вака 59900 = forbidden tobacco brand вака
Вака 60000 = forbidden tobacco brand вака
Вака 25 г = unsure tobacco brand вака
Глицин #10 = forbidden medicine brand глицин
Глицин n 10 = forbidden medicine brand глицин
Глицин # 11 = unsure medicine brand глицин
Глицин 5 мкг = forbidden medicine brand глицин
Глицин 5 мг/мл = forbidden medicine brand глицин
Плюшка/пиво = allowed
Рис/чай = allowed
Водка-бар = unsure alcohol brand водка-бар
Пиво-бар = unsure beer brand пиво-бар
Пиво-лимонад = forbidden beer kind пиво-лимонад
Вино-водка = forbidden alcohol kind вино-водка
Бренди-понг = unsure alcohol brand бренди-понг
Виски-кола = forbidden alcohol kind виски-кола
Чай-водка = forbidden alcohol kind чай-водка
Парламент-клуб = forbidden tobacco brand парламент-клуб
Гуси-пиво = forbidden beer kind гуси-пиво
Парацетамол-форте = forbidden medicine brand парацетамол-форте
В0дка = forbidden alcohol kind в0дка
Bодка = forbidden alcohol kind водка
Кент-8 = forbidden tobacco brand кент
«Парламент» = forbidden tobacco brand парламент
"Парламент = forbidden tobacco brand парламент
Кофе "Парламент" = allowed
Кофе (Парламент) вино = allowed
(чай) водка = forbidden alcohol kind водка
21 век дарк = forbidden tobacco brand 21 век дарк
1664 blanc = forbidden beer brand 1664 blanc
К ужину, пиво = forbidden beer kind пиво
К ужину пиво = allowed
Для дома 5 водка = forbidden alcohol kind водка
На основе солода пиво = allowed
Клубника 0,7 = allowed
Вино и доска + Пиво чехол = unsure alcohol kind вино
Ром баба = allowed
Ромовая баба = allowed
Бурбон ваниль = allowed
Кекс ванильный бурбон = allowed
Эль имбирный 0,33 = allowed
Ginger ale 0,33 = allowed
Винный уксус 0,5 = allowed
Ром-кола = unsure alcohol kind ром-кола
Эль-квас = unsure beer kind эль-квас
Пиво-водка-квас = forbidden beer kind пиво-водка-квас
Лес-пиво-бар = unsure beer brand лес-пиво-бар
Пиво-бар-хлеб = allowed
Бар-бар-водка = forbidden alcohol kind бар-бар-водка
Ром/эль = unsure alcohol kind ром/эль
с/виски сок = forbidden alcohol kind виски
Бум 0,5 * ж/б светлое = unsure beer sign светлое
Ява. Золотая = unsure tobacco brand ява
Ява | золотая = unsure tobacco brand ява
Элемент 5 земля = allowed
Ява золотая 7 = forbidden tobacco brand ява золотая
""",
    "what is smoked and rolled with": """
Бумага для самокруток = forbidden tobacco kind самокруток
Бумага д/самокруток 70 мм = forbidden tobacco kind самокруток
Машинка для самокруток = forbidden tobacco kind самокруток
Фильтры для самокруток 120 шт = forbidden tobacco kind самокруток
Бумага сигаретная 50 л = unsure tobacco kind сигаретная
Бумага OCB слим = unsure tobacco kind ocb
Бумага для выпечки = allowed
Бумага для заметок = allowed
Машинка для стрижки = allowed
Фильтр масляный = allowed
Щипцы кальянные = unsure tobacco kind кальянные
Щипцы для льда = allowed
Самокруточная машинка = unsure tobacco kind самокруточная
Калауд Лотос = forbidden tobacco kind калауд
Мелассоуловитель = forbidden tobacco kind мелассоуловитель
Под Charon Baby = forbidden tobacco brand charon baby
Под Xros 3 = forbidden tobacco brand xros
Под заказ торт = allowed
Под столешницу крепеж = allowed
Астра б/ф сигареты = unsure tobacco sign б/ф
Астра махровая = allowed
Гриндер для трав = unsure tobacco sign трав
Гриндер ленточный = allowed
Стики кукурузные = allowed
""",
    "spirits of other countries": """
Пастис = forbidden alcohol kind пастис
Саке Такара 0,72 = forbidden alcohol kind саке
Соджу Чамисуль 0,36 = forbidden alcohol kind соджу
Сочжу 0,36 = forbidden alcohol kind сочжу
Ракия сливовая 0,5 = forbidden alcohol kind ракия
Макколи рисовое 0,75 = forbidden alcohol kind макколи
Умешу 0,72 = forbidden alcohol kind умешу
Палинка = forbidden alcohol kind палинка
Сливовица = forbidden alcohol kind сливовица
Мецкаль = forbidden alcohol kind мецкаль
Узо 0,7 = forbidden alcohol kind узо
Тутовка = forbidden alcohol kind тутовка
Портв. Приазовский 0,7 = forbidden alcohol kind портв
Дагестан КВ 0,5 = forbidden alcohol brand дагестан
Соус соевый 0,36 = allowed
Уксус рисовый 0,72 = allowed
Раки вареные = allowed
Вода 0,36 = allowed
Сироп Амаретто = allowed
Марсала помада 12 = allowed
Блэк Джек кола 0,45 = forbidden alcohol brand блэк джек
""",
    "what is eaten beside beer": """
Балтика шпроты 160 г = allowed
Балтика килька в томате = allowed
Балтика анчоус = allowed
Жигули сухарики ржаные = allowed
Туборг чипсы 100 г = allowed
Балтика 7 шпроты 0,5 л = unsure beer brand балтика
Балтика солод 0,5 = unsure beer brand балтика
Балтика томат = unsure beer brand балтика
Winston чипсы = unsure tobacco brand winston
""",
    "remedies by their brand and form": """
Бепантен крем = forbidden medicine sign бепантен
Бепантен мазь 30 г = forbidden medicine sign бепантен
Д-Пантенол крем = forbidden medicine sign д-пантенол
Пантенол спрей = unsure medicine sign пантенол
Крем с пантенолом = allowed
Крем Нивея = allowed
Левомиколь крем = forbidden medicine sign левомиколь
Салициловая к-та 1% = forbidden medicine brand салициловая к-та
Борная к-та = forbidden medicine brand борная к-та
АЦЦ 200 шип = forbidden medicine brand ацц
Пустырник форте = forbidden medicine brand пустырник
Спасатель бальзам = unsure medicine sign спасатель
Изолента = allowed
""",
    "weapons and kitchen knives": """
Нож-бабочка = forbidden other kind нож-бабочка
Нож-бабочка для пиццы = allowed
Нож бабочка для пиццы = allowed
Нож складной для грибов = allowed
Нож складной = unsure other sign складной
Карабин Сайга 12 = forbidden other sign сайга
Карабин Вепрь 12 к = forbidden other sign вепрь
Карабин пожарный = allowed
Карабин для ключей = allowed
Патрон 12 к дробь = forbidden other sign дробь
Патрон Е27 = allowed
Пуля 7,62 = forbidden other sign 7,62
Ружье для герметика = allowed
Ружье МР-27 = forbidden other kind ружье
Сюрикен = forbidden other kind сюрикен
Кортик = unsure other kind кортик
Катана = unsure other kind катана
Катана игрушечная = allowed
""",
    "what two words say together": """
Пробка анальная = unsure other kind анальная
Пробка винная = allowed
Шарики вагинальные = unsure other kind вагинальные
Шарики воздушные = allowed
Секс игрушка = unsure other kind секс
Кукла надувная = unsure other kind надувная
Кукла Барби = allowed
Бассейн надувной = allowed
Возбуждающие капли жен = unsure other kind возбуждающие
Возбудитель = allowed
Лотерейный билет = unsure other kind лотерейный
Диплом о высшем образовании = unsure other kind диплом
Рамка для диплома о высшем образовании = allowed
Диплом победителя = allowed
Аттестат за 11 класс = unsure other kind аттестат
Медкнижка оформление = unsure other kind медкнижка
Права водительские = unsure other kind водительские
Обложка на водительские права = allowed
Щенок хаски 2 мес = unsure other kind щенок
Щенячий патруль набор = allowed
Корм для щенков 2 мес = allowed
Котята британские = unsure other kind котята
Котенок мягкий британский = allowed
Кролик живой = unsure other kind живой
Попугай волнистый = unsure other kind попугай
Клетка для попугая волнистого = allowed
Закись азота = forbidden other brand закись азота
Семена конопли сорт = unsure other kind конопли
Рога сайгака = unsure other kind сайгака
Часы реплика Rolex = unsure other kind реплика
Книга Реплики и фразы = allowed
Кроссовки копия люкс = unsure other kind копия
Копия ключа = allowed
Бланк удостоверения = unsure other kind бланк
Бланк путевой лист = allowed
Дубликат госномера = unsure other kind дубликат
Дубликат ключа = allowed
Глушилка gsm = unsure other kind глушилка
Глушитель ВАЗ 2110 = allowed
Шпионская ручка камера = unsure other kind шпионская
Игрушка шпионская камера = allowed
Скрытая проводка кабель-канал = allowed
Отмычки набор = unsure other kind отмычки
Граната дымовая страйкбольная = unsure other kind граната
Баллон перцовый = unsure other kind баллон
Баллон пропан 5л = allowed
Патрон травм. 9мм РА = forbidden other sign травм
Арбалет сборная модель из дерева = allowed
Семена каннабис = unsure other kind каннабис
Масло CBD 10% = unsure other kind cbd
Вдк Поляна 0,5 = forbidden alcohol kind вдк
Wisky Ram 0,7 = forbidden alcohol kind wisky
Сигара вафельная = allowed
Сигара слоёная с творогом = allowed
Трубочка-сигара с варёнкой = allowed
Сигара вишня 1шт = forbidden tobacco kind сигара
Аромасвеча Tobacco = allowed
Пунш алкогольный 15% = unsure alcohol kind алкогольный
Глинтвейн алкогольный = unsure alcohol kind глинтвейн
Конфеты алкогольные = unsure alcohol kind алкогольные
Пунш безалкогольный = allowed
Футболка Алкогольный отдел = allowed
Стаканы для алкогольных коктейлей = allowed
""",
    "a noun that names what follows it": """
Ром Плантатор = unsure alcohol kind ром
Ром Корсиканец тёмный = unsure alcohol kind ром
Чача Горная = unsure alcohol kind чача
К-к Бастион 0,25 = forbidden alcohol kind к-к
Конь-к Дербент = forbidden alcohol kind конь-к
Джин&тоник 0,33 = forbidden alcohol kind джин
Скотч виски Глен 0,7 = forbidden alcohol brand скотч виски
Водка-вишня 0,33 = forbidden alcohol kind водка-вишня
Ромовая баба с глазурью = allowed
Ром-баба 90 г = allowed
Портофино платье = allowed
Кофе Бурбон Эфиопия = allowed
Скотч малярный = allowed
Лагерь дневной = allowed
Конь-качалка = allowed
Витамин-к = allowed
К-кт прокладок = allowed
Крем-краска вишня = allowed
""",
    "wines by grape, place and colour": """
Бароло Риккардо = forbidden alcohol brand бароло
Барбера Пьемонт = unsure alcohol brand барбера
Рибера дель Дуэро Крианса = forbidden alcohol brand рибера дель
Спуманте Верди = forbidden alcohol kind спуманте
Сент-Эмильон 2019 = forbidden alcohol brand сент-эмильон
Цимлянское красное сухое = unsure alcohol sign сухое
Роз. брют = forbidden alcohol kind брют
Игр. Каприз сух. = unsure alcohol sign игр
Игр. Каприз = allowed
Каприз роз. игр. = allowed
В. Мерло кр п/сл = forbidden alcohol sign п/сл
К. Кизлярский 0,5 = forbidden alcohol brand кизлярский
Игр. кукла = allowed
Букет роз. 11 шт = allowed
Наст. лампа = allowed
В. пеленка 60х90 = allowed
Пальто Бароло = allowed
Сухое молоко белое = allowed
Белое п/сл безалкогольное = allowed
Костюм-тройка = allowed
Вино-красное платье = allowed
Винно-красная помада = allowed
""",
    "beer's sorts in other tongues": """
Гозе томатный 0,5 = forbidden beer kind гозе
Ламбик Вишня = forbidden beer kind ламбик
Дункель 0,5 = forbidden beer kind дункель
NEIPA Хмельной сад 0,45 = forbidden beer kind neipa
Нефильт. розл = forbidden beer sign нефильт
""",
    "shortened brands and medicines": """
Винст. Силвер = unsure tobacco brand винст
Парл. Аква = unsure tobacco brand парл
ЭлДи синий = forbidden tobacco brand элди
Эл Дэ красный = forbidden tobacco brand эл дэ
Л энд М лофт = forbidden tobacco brand л энд м
Сиги Ява = forbidden tobacco kind сиги
Лоперам. капс = unsure medicine brand лоперам
Аторваст. 20 = unsure medicine brand аторваст
Диклоф. гель 5% = unsure medicine brand диклоф
ЭлДи лампа = allowed
Парламент торт = unsure tobacco brand парламент
Подсистема фасадная = allowed
Диклофон = allowed
""",
    "a device's things and numbers": """
Одноразовый под 8000 = unsure tobacco sign одноразовый
Сольник манго 20 мг = forbidden tobacco kind сольник
Заправка HQD = unsure tobacco kind hqd
Заправка салатная = allowed
Одноразовый стакан 1000 шт = allowed
""",
    "weapons and what they shoot": """
Фонарь-шокер = forbidden other kind фонарь-шокер
Нож-выкидуха = forbidden other kind нож-выкидуха
Стрелы арбалетные = unsure other kind стрелы
Стрела для арбалета = forbidden other kind арбалета
Стрелы с присосками арбалет = allowed
Шарики BB 6 мм = unsure other kind шарики
Патрон 12х70 = forbidden other sign 12
Гвоздь 12х70 = allowed
Мачете боевое = forbidden other sign боевое
Мачете садовое = allowed
Шокер-розыгрыш = allowed
BB крем 50 мл = allowed
Вибратор для бетона = allowed
""",
    "imitations and hemp": """
Копия часов Omega = unsure other kind копия
Реплика Gucci = unsure other kind реплика
Подделка Nike = unsure other kind подделка
Канабис семена = unsure other kind канабис
Смазка интимная = unsure other kind смазка
Водит. права = unsure other kind водит
Копия ключа = allowed
Часы Casio = allowed
Поделка детская = allowed
Водит. перчатки = allowed
""",
    "names with a house, a packet or a series": """
Одноразовая скатерть 1000 шт = allowed
Одноразовый под манго 6000 = unsure tobacco sign одноразовый
Баварское темн. розлив = unsure beer sign баварское
Разлив тёмное окно = allowed
Кельш Мастер 0,5 = unsure beer brand кельш
Барбера Шато = forbidden alcohol brand барбера
Кент Меланж = forbidden tobacco brand кент
Под сист. чёрная = forbidden tobacco brand под сист
Линим. стрептоц. = unsure medicine sign линим
Стрела для блочного лука = unsure other kind стрела
Вибромассажер для взрослых = unsure other kind вибромассажер
Вибромассажер для ног = allowed
Шарик воздушный BB = allowed
Папирус = allowed
Ром-кола ж/б = unsure alcohol kind ром-кола
Игр. вино Галицкий = unsure alcohol kind вино
Мерло Долина Рейна = unsure alcohol brand мерло
Мерло пряжа = allowed
Ацетилсалиц. 500 = unsure medicine brand ацетилсалиц
""",
    "words that a dot shortens": """
Трубка курит. дорожная = unsure tobacco sign курит
Смола нюхат. 10г = unsure tobacco sign нюхат
Бальз. Звездочка = forbidden medicine brand бальз звездочка
Бальз. д/посуды = allowed
Порош. Нимесил = forbidden medicine sign нимесил
Жев. резинка Никоретте = unsure medicine brand никоретте
Карандаш зеленка = unsure medicine brand зеленка
Салфетка с хлоргексидином = allowed
Леденцы Гексорал = unsure medicine brand гексорал
Борн. кислота = forbidden medicine brand борн кислота
Сиб. корона = forbidden beer brand сиб корона
Ст. мельник = forbidden beer brand ст мельник
Союз Апол. синий = forbidden tobacco brand союз апол
Ява. Золотая = unsure tobacco brand ява
Кальв. Норманд = unsure alcohol brand кальв
Самог. хуторской = unsure alcohol brand самог
Шамп. собственный = allowed
Салф. бумажные с коньяком = allowed
Конф. с ликёром = allowed
Табур. складной = allowed
Вода Крушовице свет. = allowed
Крушовице свет. = forbidden beer brand крушовице
Таб. д/пмм 30шт = allowed
Таблетки д/горла = unsure medicine kind таблетки
""",
    "what belongs to smoking": """
Шланг силикон кальянный = unsure tobacco kind кальянный
Ящик кальянный = unsure tobacco kind кальянный
Футболка кальянная = allowed
Стол кальянный = unsure tobacco kind кальянный
Фильтры д/самокр. = unsure tobacco kind самокр
Сумка д/самокрут. = allowed
""",
    "a name on a vessel": """
Кружка "Вино" = allowed
Бокал "Пиво Барное" 0,5л = unsure beer kind пиво
Кружка вина = forbidden alcohol kind вина
Пакет подар. Вино = allowed
Игр. вино = unsure alcohol kind вино
""",
    "imitations, salvos and sprays": """
Кошелек реплика Картье = unsure other kind реплика
Кроссовки паль Reebok = unsure other kind паль
Пальто Reebok = allowed
Крем лицо Dior = allowed
Духи Dior лиц. = unsure other kind лиц
Часы Casio = allowed
Салютная батарея 36 залпов = unsure other kind залпов
Свеча римская 5 залп = unsure other kind залп
Римская свеча = unsure other kind римская
Шашка дымовая = unsure other kind дымовая
Шашки дорожные = allowed
Факел пиротехн. = unsure other kind пиротехн
Баллон СО2 д/пневматики = forbidden other kind пневматики
Баллон пневмат. = unsure other kind пневмат
Баллон газовый = allowed
Баллон черемуха = unsure other kind баллон
Семена конопли = unsure other kind конопли
Семена конопли очищенные пищевые = allowed
Прикормка семена конопли = allowed
Кистень = forbidden other kind кистень
Нож охотн. Барс = forbidden other sign охотн
""",
    "goods contracted by a hyphen": """
Шамп-ое Крымское = forbidden alcohol kind шамп-ое
Сиг-лы Mondial = unsure tobacco kind сиг-лы
Игр-ое п/сл = forbidden alcohol sign п/сл
Конь-к Ахалцих = forbidden alcohol kind конь-к
Ком-р вентилятор = allowed
Там-н женский = allowed
Порто-а 0,75 = forbidden alcohol brand порто-а
""",
    "colours and adjectives cut short": """
Брют Тамань роз 0,75 = forbidden alcohol kind брют
Букет роз 0,75 = allowed
Некст компакт розов. = unsure tobacco brand некст
Сок малинов. = allowed
Хлопья пшен. = allowed
Моника 0,43 пшен. = unsure beer sign пшен
Нарвское 1,5 = unsure beer sign нарвское
Нарвское творожное 0,5 = allowed
Нарвское 2,5% 0,5 = allowed
""",
    "drinks and cocktails": """
Коктейль Вертолет 0,45 ж/б = unsure alcohol sign ж/б
Коктейль молочный 0,45 = allowed
Коктейль б/а Дайкири = allowed
Коктейль Дайкири 0,33 = unsure alcohol sign дайкири
Ключ коктейль 0,45 = unsure alcohol kind коктейль
Нектар алк. 0,5 = unsure alcohol kind алк
Нектар б/а алк. 0,5 = allowed
Скотч Горец 0,7 = forbidden alcohol kind скотч
Скотч прозрачный = allowed
""",
    "what belongs to a vape": """
Аккумулятор Vape = unsure tobacco kind vape
Ремень Vape = allowed
Стекло Xros = forbidden tobacco brand xros
Сумка Xros = unsure tobacco brand xros
Glo™ серый = forbidden tobacco brand glo
""",
    "remedies and what is none": """
Паста Полисорб = unsure medicine brand полисорб
Полисорб паста = unsure medicine brand полисорб
Паста арахисовая = allowed
Ампулы для волос = allowed
Ампулы Мильгамма = forbidden medicine sign мильгамма
Аэроз. от тараканов = allowed
Аэроз. Каметон = forbidden medicine sign каметон
Таблетки от моли = allowed
Таблетки Persil = allowed
Порошок Тайд капс. = allowed
Раств. бриллиант. зел. = forbidden medicine sign бриллиант зел
Мазь сапожная = allowed
""",
    "weapons, sprays and toys for adults": """
Перц. баллончик = unsure other kind баллончик
Аэрозоль слезоточивый = forbidden other sign слезоточивый
Пистолет охолощ. = forbidden other sign охолощ
Страйкбольная винтовка = forbidden other kind винтовка
Картечь = forbidden other kind картечь
Пуля рыболовная = allowed
Фестивальный шар = unsure other kind фестивальный
Шар фольга = allowed
Секс-игрушка = forbidden other kind секс-игрушка
Набор эротический = unsure other kind эротический
Батарея салютов = unsure other kind батарея
Батарея отопления = allowed
Стир. порошок = allowed
Сем. табак душистый = allowed
Гильзы д/набивки = unsure tobacco kind набивки
Бумага папиросная = allowed
Крабовые стики = allowed
Нап.без/алк. негаз. = allowed
Нап. без алк. 1л = allowed
Напиток без алкоголя = allowed
Напиток алкогольный = forbidden alcohol sign алкогольный
Квас.без/алк. = allowed
Шок.конф. с ликёром Вишнёвый ликёр = allowed
Тирамису = allowed
Сигаретки вафли = allowed
""",
    "brands written apart and other forms of goods": """
Дарк сайд лимон = forbidden tobacco brand дарк сайд
Винс тон синий = forbidden tobacco brand винс тон
Хейне кен 0,5 = forbidden beer brand хейне кен
Дарк шоколад = allowed
Актив. уголь таб = unsure medicine sign таб
Стир. порошок лотос = allowed
Конф. набор = allowed
Сумка Дарк сайд = allowed
Настоечка 0,5 = forbidden alcohol kind настоечка
Виноматериал сухой = forbidden alcohol kind виноматериал
Светлое разлив 1л = unsure beer sign светлое
Жевательн. табак = unsure tobacco kind табак
Жевательн. мармелад = allowed
Пластинки никот. = unsure tobacco kind никот
Пластырь никотиновый = unsure tobacco kind никотиновый
Пластинка музыкальная = allowed
Машинка д/набивки гильз = unsure tobacco kind набивки
Машинка д/набивки колбасы = allowed
Полка для углей кальян = unsure tobacco kind кальян
Монстер 0,449 = unsure age brand монстер
Монстера 0,5 горшок = allowed
Антигрип. малина = unsure medicine brand антигрип
Арбид. = unsure medicine brand арбид
Перекись = unsure medicine kind перекись
Перекись для волос = allowed
Нап. Натахтари тархун 0,5 = allowed
Нап. Натахтари 0,5 = unsure beer sign натахтари
Хаски айс 0,5 = unsure alcohol brand хаски
Нож финский = forbidden other sign финский
""",
    "drinks behind a dot, young animals and what tells alone": """
Кон. Столичный 0,25 = forbidden alcohol kind кон
Армянский кон. 5 зв = forbidden alcohol kind кон
Вис. Олд Сторик 0,7 = forbidden alcohol kind вис
Виск. односолод 0,5 = forbidden alcohol kind виск
Аперит. Венето 0,7 = forbidden alcohol kind аперит
Лик. кофейный 0,5 = forbidden alcohol kind лик
Сид. полусл. груша 0,45 = forbidden beer kind сид
Шамп. Надежда 0,75 = forbidden alcohol kind шамп
Шамп. Чистая линия 0,5 = allowed
Кон. Ассорти 1 кг = allowed
Вис. замок = allowed
Брусника на коньяке 0,25 = forbidden alcohol kind коньяке
Брусника на меду 0,25 = allowed
Малибу Пицца 0,7 = allowed
Хеннесси коробка 0,7 = forbidden alcohol brand хеннесси
Хеннесси коробка = forbidden alcohol brand хеннесси
Пуф одноразка 2000 = unsure tobacco kind одноразка
Пуф круглый 2000 = allowed
Сигареты жвачка = unsure tobacco kind сигареты
Перцовка специи = unsure alcohol kind перцовка
Лекарства игрушечные = allowed
Вибратор-бабочка = unsure other kind вибратор-бабочка
Порох-ок стиральный = allowed
Парацетам. сироп = unsure medicine brand парацетам
Туал. вода Собрание муж. = allowed
Борная кислота удобр. 10 г = allowed
Нас мятный = forbidden tobacco brand нас мятный
Паучи черника мята = unsure tobacco kind паучи
Паучи с лососем = allowed
Пэки никотин = forbidden tobacco kind никотин
Лот. билет 2 = unsure other kind лот
Лото билет = unsure other kind лото
Лото детское = allowed
Утята суточные = unsure other kind утята
Утята резиновые игрушка = allowed
Гусята = unsure other kind гусята
Куры молодки = unsure other kind куры
Куры тушка = allowed
Хомяк джунгарик = unsure other kind хомяк
Хомяк мягкая игрушка = allowed
Рыбка гуппи = unsure other kind рыбка
Рыбка вяленая = allowed
Мастурбатор яйцо = unsure other kind мастурбатор
Балончик перцовый = unsure other kind балончик
Спирт. салфетки = allowed
Пралине коньяк = allowed
Патр. 16к = forbidden other sign 16
Нож охот. складной = forbidden other sign охот
Бальзам Уссурийский = unsure alcohol sign уссурийский
Напиток на вине 0,5 = forbidden alcohol kind вине
""",
    "colours behind a house, weapons and gardens": """
Инкерман розе = forbidden alcohol brand инкерман
Мартини бьянк. 1 л = forbidden alcohol brand мартини бьянк
ЗБ брют = forbidden alcohol brand зб брют
Апероль спритц = forbidden alcohol brand апероль спритц
Спритц апельсин 0,45 = forbidden alcohol kind спритц
Кокос уголь 25 = unsure tobacco kind кокос
Кокос стружка = allowed
Глок пневм. = unsure other kind глок
Сигнал охотника = unsure other kind сигнал
Сигнал автомобильный = allowed
Гильзы латунь 12 = unsure other kind гильзы
Лук рекурсивный = unsure other kind лук
Лук репчатый = allowed
Помпа муж. = unsure other kind помпа
Помпа для воды = allowed
Кукла для взрослых = unsure other kind кукла
Кукла Даша = allowed
Спортлото = unsure other kind спортлото
Щенята хаски = unsure other kind щенята
Манчестер син = unsure tobacco brand манчестер
Донской серебр. = unsure tobacco brand донской
Camel кр. = unsure tobacco brand camel
Никотиновая пастилка = unsure tobacco sign никотиновая
Пастилка яблочная = allowed
Душа табак 200 г = unsure tobacco kind табак
Зарядка HQD = unsure tobacco kind hqd
Зарядка Honor = allowed
Т/вода Кент = allowed
Фитоспорин = allowed
Мочевина 1 кг = allowed
Белый лебедь 0,5 л = forbidden alcohol brand белый лебедь
Альбен = unsure medicine brand альбен
Магне В6 №50 = forbidden medicine brand магне в 6
Дым цветной = unsure other kind дым
""",
    "adjectives and contractions of drinks": """
Пив. стакан = allowed
Вин. шкаф = allowed
Вин. лист солёный = allowed
Вотка хлебная 0,5 = forbidden alcohol kind вотка
Нап. спирт. Лесной 0,5 = forbidden alcohol sign спирт
КВВК Архив 0,5 = forbidden alcohol sign кввк
Порт. кавказский 0,7 = forbidden alcohol kind порт
Порт. колонка = allowed
П/нап лимон 0,45 = forbidden beer kind п/нап
Настойка чайн. гриба = allowed
Наст. боярышника = forbidden medicine brand боярышника
Наст. календарь = allowed
Перекись осветл. 6% = allowed
Матрёшка сувен. = allowed
Слабит. свечи = forbidden medicine sign слабит
Уголь актив. = unsure medicine sign актив
Уголь актив. аквар. = allowed
Вакцина д/кошек = forbidden medicine kind вакцина
Кальянчик = forbidden tobacco kind кальянчик
Электронка 6000 т. = forbidden tobacco kind электронка
Лотер. билет = unsure other kind лотер
Ножик охотн. = forbidden other sign охотн
Полярное сияние 0,5 40° = unsure alcohol sign %
Чайник 40° = allowed
""",
    "what is smoked and what is poured": """
Легенда 0,5 л = unsure alcohol sign 0,5
Легенда = unsure tobacco brand легенда
Гжелка 0,5 = forbidden alcohol brand гжелка
Пемоксоль = allowed
Распечатка А4 = allowed
Вейпик = forbidden tobacco kind вейпик
""",
    "weapons, what is carried with them, and animals alone": """
Чехол на ружьё = allowed
Чехол для карабина кордура = allowed
Кейс для винтовки = allowed
Ремень для ружья = allowed
Смазка для ружья = allowed
Ёршик для ружья 12к = allowed
Приклад для ружья = forbidden other kind ружья
Пули для арбалета = unsure other kind пули
Кастет-расчёска = forbidden other kind кастет-расческа
Шокер-фонарик = forbidden other kind шокер-фонарик
Штык-нож сувенирный = forbidden other kind штык-нож
Порох-ок = allowed
Газ. баллончик Шпага = unsure other sign шпага
Газ. колонка = allowed
Баллончик Скорпион = unsure other sign скорпион
Аэрозоль перц. 65 мл = forbidden other sign перц
Аэрозоль от комаров = allowed
Нож Ворсма = unsure other sign ворсма
Нож Кизляр кухонный = allowed
Фонтан пиротехнический = unsure other kind пиротехнический
Фонтан настольный = allowed
Петарда хлопающая = unsure other kind петарда
Щенок = unsure other kind щенок
Щенок спаниеля = unsure other kind щенок
Магнит Щенок = allowed
Попугай = unsure other kind попугай
Корм для попугая = allowed
Удостоверение ФСБ = unsure other kind удостоверение
Обложка на удостоверение МВД = allowed
Кружка пив. = allowed
Стакан пив. 0,5 = allowed
Кружка пива = forbidden beer kind пива
Кур. табак 50 г = forbidden tobacco kind табак
Кур. бедро = allowed
Жев. табак = unsure tobacco kind табак
Жев. резинка = allowed
Снова 20 hard = unsure tobacco sign hard
Alka 70mg = unsure tobacco sign мг
""",
    "numbers, short adjectives and substances": """
Omega 400 mg = allowed
Zeta (25000 тяг) = unsure tobacco sign тяг
Строп 6,9% 0,33 = unsure beer sign %
Ряженка 4% 0,5 = allowed
Снегово 3,2% 0,5 = allowed
Бендо 7 лет 0,5 = unsure alcohol sign лет
Вода Байкал с 3 лет 0,33 = allowed
Печорская 0,5 = unsure alcohol sign печорская
Сенежская 0,5 = allowed
Печорское 1,35 = unsure beer sign печорское
Бакарди Карта Бланка = forbidden alcohol brand бакарди
Бакарди футболка = allowed
Шайба Corvus 50мг = unsure tobacco brand corvus
Шайба М10 = allowed
Barrel & Smoke = forbidden alcohol brand barrel and smoke
Моксопрол = unsure medicine kind моксопрол
Дезапинтадин = unsure medicine kind дезапинтадин
Вороприл = unsure medicine kind вороприл
Трава череды = unsure medicine brand трава череды
Череда = allowed
Зубр фильтр. 0,5 = forbidden beer brand зубр
Фильтр. кувшин = allowed
Йод р-р = unsure medicine brand йод
Свечи облепиховые = unsure medicine sign облепиховые
Лоцерил лак = unsure medicine brand лоцерил
Лак для волос = allowed
Жаропонижающее = forbidden medicine kind жаропонижающее
""",
    "further houses, makers and substances": """
John Player Special = forbidden tobacco brand john player
Питер Стайвезант = forbidden tobacco brand питер стайвезант
Чжуннаньхай = forbidden tobacco brand чжуннаньхай
Rocky Patel = forbidden tobacco brand rocky patel
Мустанг красный = unsure tobacco brand мустанг
Мустанг = unsure tobacco brand мустанг
Тренд компакт = unsure tobacco brand тренд
Digiflavor = forbidden tobacco brand digiflavor
Brunhilde RTA = forbidden tobacco brand brunhilde rta
Battlestar Baby = forbidden tobacco brand battlestar baby
Инфлейв 5000 = forbidden tobacco brand инфлейв
Hookafina = forbidden tobacco brand hookafina
Дед Хорс = forbidden tobacco brand дед хорс
White Fox = forbidden tobacco brand white fox
Хитейст P6 = forbidden tobacco brand хитейст
Uwoo = forbidden tobacco brand uwoo
Наш 40 г = forbidden tobacco brand наш 40
Лямбда = unsure tobacco brand лямбда
Weihenstephaner = forbidden beer brand weihenstephaner
Ла Шуфф = forbidden beer brand ла шуфф
Svijany = forbidden beer brand svijany
Коппарберг = forbidden beer brand коппарберг
Ермак 1,35 = unsure beer brand ермак
Ермак = unsure beer brand ермак
Кроуфордс = forbidden alcohol brand кроуфордс
Балвени = forbidden alcohol brand балвени
Клинков 0,5 = forbidden alcohol brand клинков
Три старика = unsure alcohol brand три старика
Соджу Гуд дэй = forbidden alcohol kind соджу
Вана Таллинн = forbidden alcohol brand вана таллинн
JP Chenet = forbidden alcohol brand jp chenet
Санта Каролина = forbidden alcohol brand санта каролина
Алазани = allowed
Бахус 0,7 = unsure alcohol brand бахус
Mad Croc = forbidden age brand mad croc
Прайм = allowed
Абилифай = forbidden medicine brand абилифай
Прогестерон = forbidden medicine brand прогестерон
Цефоперазон = forbidden medicine brand цефоперазон
""",
    "brands cut short, towns and small bottles": """
Лорист. 50 = forbidden medicine brand лорист
Эзомеп №14 = forbidden medicine brand эзомеп
Крем Бифон = unsure medicine brand бифон
Крем Барх = allowed
Мебен = unsure medicine brand мебен
Арбат = allowed
Хенкел 0,5 = forbidden alcohol brand хенкел
Хенне ХО = allowed
Ламбру п/сл = forbidden alcohol sign п/сл
Крушов светл 0,45 = unsure beer sign светл
Каберне Совиньен = unsure alcohol brand каберне совиньен
Джони Уокен = unsure alcohol brand джони уокен
Балт №3 = forbidden beer brand балт 3
Челябпиво = unsure beer brand челябпиво
Кельшброй = unsure beer brand кельшброй
Имбирь = allowed
Велесово светлое = unsure beer sign светлое
Светлое утро = allowed
Кологривская = allowed
Кологривская 0,5 = unsure alcohol sign кологривская
Вологодское = allowed
Козульское = unsure beer sign козульское
Козульское фирм. = unsure beer sign козульское
Казачья 0,25 = forbidden alcohol brand казачья
Питьевая 0,5 = allowed
Мезенка 0,25 = unsure alcohol sign мезенка
Мезенка 0,5 = unsure alcohol sign 0,5
Докторская 0,5 = allowed
Св 5 = allowed
Питьевая 0,5 = allowed
""",
    "ages, vintages, weapons' parts and living animals": """
Мезенка 1,5 = allowed
Рябчик наст. 0,5 = unsure alcohol sign наст
Глен Ломонд 12 лет = unsure alcohol sign лет
Кукла 5 лет = allowed
Роял Сент VSOP = unsure alcohol sign vsop
Castello Bianco 2019 = unsure alcohol brand castello
Tenuta Rossi = unsure alcohol sign tenuta
Brick 2019 = allowed
Blackhog 35% = unsure alcohol sign %
Colorado 5,2% = unsure beer sign %
Краснов полусл. = unsure alcohol sign полусл
Соломон бурбон = unsure alcohol kind бурбон
Шоколад бурбон = allowed
Мадера блю = forbidden alcohol kind мадера
Платье блю = allowed
Ерофей лёд = unsure alcohol brand ерофей
Журавли клюква 0,5 = unsure alcohol brand журавли
Клюква 0,5 = allowed
Топор боевой = unsure other kind боевой
Топор туристический = allowed
Прицел тепловизионный = unsure other kind прицел
Уровень лазерный = allowed
Пыж войлочный = unsure other kind пыж
Гильза 16к = unsure other kind гильза
Гильза кабельная = allowed
Улитка ахатина = unsure other kind улитка
Улитка в масле = allowed
Гусь живой = unsure other kind живой
Гусь потрошёный = allowed
Петух живой = unsure other kind живой
Крыса белая живая = unsure other kind живая
Патр. 16к = forbidden other sign 16
Дробь рыболовная = allowed
Репл. кроссовки = unsure other kind репл
Баллон СО2 = unsure other kind баллон
Баллон пропан = allowed
Картридж на Аргус = forbidden tobacco sign аргус
Картридж на кран = allowed
Фильтр слим = unsure tobacco kind фильтр
Фильтр угольный = allowed
Машинка для набивки гильз = unsure tobacco kind набивки
Машинка для стрижки = allowed
Вапорайзер = forbidden tobacco kind вапорайзер
""",
    "bottles of a bare name, stars and sorts": """
Мечта 0,5 = unsure alcohol sign 0,5
Синий лёд 0,5 = unsure alcohol sign 0,5
Фьюз ти 0,5 = allowed
Кефир 0,5 = allowed
Тверь с/ф = forbidden tobacco sign с/ф
Нексор компакт = unsure medicine brand нексор
Пудра компакт = allowed
Гагик 3* = unsure alcohol sign *
Болт 3*20 = allowed
Ермолино живое = unsure beer sign живое
Масло живое = allowed
Ronchi Malbec = forbidden alcohol brand malbec
Baron Petit красное = unsure alcohol sign красное
Платье красное = allowed
Лютик наст = unsure alcohol sign наст
Часы наст. = allowed
Дикий хмель 1,5 л = unsure beer sign хмель
Хмель сушёный = allowed
""",
    "weapons for show, smokers' things, grapes and forms": """
Меч самурайский = unsure other kind самурайский
Меч пластмассовый = allowed
Нагайка с грузом = unsure other kind нагайка
Маска БДСМ = unsure other kind бдсм
Маска тканевая = allowed
Трубка вересковая = unsure tobacco kind трубка
Трубка медная = allowed
Кисет = unsure tobacco kind кисет
Намотка клэптон = unsure tobacco kind намотка
Гелати мускат = unsure alcohol brand мускат
Мускатный орех = allowed
Орджони кава = unsure alcohol brand кава
Синубронх = unsure medicine kind синубронх
Риносол спрей фл. 20 мл = unsure medicine sign фл
Спрей Лотос фл. 20 мл = unsure medicine sign фл
Спрей для волос фл. 200 мл = allowed
Саше №10 = unsure medicine sign саше
Саше лаванда = allowed
Латте ликёр 0,5 = forbidden alcohol kind ликер
Латте 0,5 = allowed
""",
    "names with a colour, a filter or spirits behind": """
Рыжая лиса стаут = unsure beer kind стаут
Вовкин эль = allowed
Олд Гарри ром = unsure alcohol kind ром
Горький шоколад ром = allowed
Эфес б/а = unsure beer brand эфес
Nexor Blue = unsure tobacco sign blue
Lavazza Gold = allowed
Платье blue = allowed
Вереск ф-ра = forbidden tobacco sign ф-ра
Малина 0,5 наст = unsure alcohol sign наст
Малина 0,5 = allowed
Жидкость Borneo 20 = unsure tobacco sign 20
Жидкость Borneo = allowed
Боровичи на спирте = unsure alcohol sign спирте
Пирог на дрожжах = allowed
Лото русское = unsure other kind лото
Лото детское = allowed
Кардиомагнил лонг = forbidden medicine brand кардиомагнил
""",
    "tastes behind canned brands and behind vodkas": """
Амстел б/ф = forbidden beer brand амстел
Гараж апельсин = unsure beer brand гараж
Прага вишня = unsure beer brand прага
Драйв вишня = unsure age brand драйв
Бурлак пшеничный эль = unsure beer kind эль
Портовое светл. = unsure beer sign светл
Волчица перцовая = unsure alcohol sign перцовая
Каша перцовая = allowed
Интим гель = unsure other kind интим
Масло эротическое = unsure other kind эротическое
Травматика = forbidden other kind травматика
Черепаха = unsure other kind черепаха
Черепаха ночник = allowed
""",
    "goods that are called by a brand alone": """
Веселый молочник 2,5% = allowed
Вессел Дуэ = forbidden medicine brand вессел дуэ
Золотой стандарт пломбир = allowed
Золотой петушок наггетсы = allowed
Pampers 4 = allowed
Pantene Aqua Light = allowed
Боржоми 0,5 = allowed
Frosch 0,5 = allowed
Tess Orange = allowed
Titan 750 = allowed
Столичный = unsure alcohol brand столичный
Московская = unsure alcohol brand московская
Столичная 0,5 = unsure alcohol brand столичная
Моссад 0,5 = unsure alcohol sign 0,5
""",
    "two words that only look like forbidden goods": """
Футболка хлопок cotton = allowed
Хлопок Muji = unsure tobacco kind хлопок
Петушок вуалевый = unsure other kind петушок
Петушок леденец = allowed
Глушитель для пневматики = forbidden other kind пневматики
Глушитель пневмосистемы = allowed
""",
    "names shown on vessels, toys, remedies for plants and energy": """
Кружка «Белый медведь» 250 мл = allowed
Кружка Белый медведь 250 мл = unsure beer brand белый медведь
Кружка «Белый медведь» 0,5 = unsure beer brand белый медведь
Бокал «Снегирь» 330 мл = allowed
Сигара надувная = unsure tobacco kind сигара
Кальян игрушечный = unsure tobacco kind кальян
Кальян стеклянный = forbidden tobacco kind кальян
Пивчики сухарики = unsure beer kind пивчики
Пивчик светлый = forbidden beer kind пивчик
Спирт муравьиный для рассады = allowed
Спирт муравьиный 50 мл = forbidden medicine sign муравьиный
Кондор энерг = unsure age sign энерг
Duracell energy батарейка = allowed
Терек 1,5л св. = unsure beer brand терек
Терка 1,5 мм = allowed
Астра без ф. = unsure tobacco sign ф
Кофеварка без фильтра = allowed
Астра махровая = allowed
Мельник 4,7% = unsure beer brand мельник
Таблетки от комаров = allowed
Дробь кондитерская = allowed
Smok Nord катушка = unsure tobacco kind smok nord
""",
    "what fruits are made into, ages, doses and towns that are cut": """
Яблоко п/сл = unsure alcohol sign п/сл
Яблоко сушёное = allowed
Морошка 0,5 20% = unsure alcohol sign %
Морошка 20% = allowed
Морошка мороженая = allowed
Вишня на коньяке = forbidden alcohol kind коньяке
Вишня на коньяке конфеты = allowed
Дюшес пивной = unsure beer sign пивной
Дюшес лимонад = allowed
Яблоко гозе = unsure beer sign гозе
Сироп Ром = allowed
Артемид. игр кр п/сл = unsure alcohol sign п/сл
Кепка п/сл = allowed
Каса Мора белое = unsure alcohol sign белое
Кашпо белое = allowed
Оганес 3 года = unsure alcohol sign года
Кукла 3 года = allowed
Егерек 40% = unsure alcohol sign %
Скидка 40% = allowed
Метф 1000 = unsure medicine brand метф
Метф 7 = allowed
Клотрим = unsure medicine brand клотрим
Корвус 70 мята = unsure tobacco brand корвус
Корвус мята = allowed
Оганес сиг = unsure tobacco kind сиг
Одн. эл. сиг. = unsure tobacco kind одн
Железновод. Баварское = unsure beer sign баварское
Слив. Крестьянское = allowed
Бам 18х55 = unsure other kind бам
Гильзы 1000 = unsure tobacco kind гильзы
Гильза медная 6 = allowed
Энергет. Заслон = unsure age sign энергет
Нескафе Голд 95 = allowed
Бальзам Югорский = unsure alcohol sign югорский
Бальзам Карельский для волос = allowed
""",
    "common words that only sound like brands": """
Гостиная «Виктория» 3 м = allowed
Прихожая Визит = allowed
Широкий ассортимент = allowed
Лабиринт деревянный = allowed
Ветеран труда = unsure alcohol brand ветеран
Адвокат = unsure alcohol brand адвокат
Кластер = unsure beer brand кластер
Танкер = unsure alcohol brand танкер
Шатёр 3х3 = allowed
Сарма 400 = unsure tobacco brand сарма
Сарма 40 = forbidden tobacco brand сарма 40
Сарма 120 персик = forbidden tobacco brand сарма 120
Шоколад 100 = allowed
Рулет маковый = allowed
Lacoste Red = allowed
Organic Shop Манго = allowed
Макрофлекс = allowed
Динозавр игр. = allowed
Legendary = unsure alcohol brand legendary
Tulip = unsure medicine brand tulip
Primitive = unsure alcohol brand primitive
""",
    "what is poured, burns the throat and stands last": """
Байкал 0,5 40% = unsure alcohol sign %
Байкал 1,5 = allowed
Хугарден розе = unsure beer brand хугарден
Розе крем для рук = allowed
Перечный газ = unsure other kind газ
Газ для зажигалок = allowed
Бальзам Эльбрус = unsure alcohol sign эльбрус
Карельское янтарн = unsure beer sign янтарн
""",
    "a drink that is called like a thing": """
Быстрые ключи водка 0,5 = unsure alcohol kind водка
Ключи гаечные 12 шт = allowed
Янтарный колос светлое фильтр 1,3 = unsure beer sign фильтр
Фильтр светлый 1,3 м = allowed
Гозе огурец-укроп = unsure beer kind гозе
Огурец укроп = allowed
Чача Батоно 45% = unsure alcohol kind чача
Чача Батоно = allowed
Кёльш разливной = unsure beer brand кельш
Шампунь разливной = allowed
""",
    "what says nothing at all": """
500 мл = allowed
0,5 л = allowed
Проверка EvoSync = allowed
Проверка = allowed
Модель 10 = allowed
Истина = allowed
Депо-Провера = forbidden medicine brand депо-провера
""",
}


def _told(name: str) -> str:
    verdict = classify_name(name)
    if verdict.restriction is None:
        return verdict.kind
    restriction = verdict.restriction.removeprefix("legal_")
    return f"{verdict.kind} {restriction} {verdict.basis} {verdict.evidence}"


@pytest.mark.parametrize("signs", VERDICTS)
def test_a_sign_leads_to_its_verdict_and_is_named(signs: str) -> None:
    lines = [line for line in VERDICTS[signs].splitlines() if line]

    assert [f"{name} = {_told(name)}" for name in (line.partition(" = ")[0] for line in lines)] == lines
