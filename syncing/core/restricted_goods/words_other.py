"""Other goods that VK does not take: weapons, what they shoot, drugs; `vocabulary` explains the lists."""

NOUNS = """
нож-бабочк:а,и кастет:,ы нунчаки= боеприпас:,ы травмат: наркотик:,и каннабис: гашиш: марихуан:а мефедрон:
кратом: мухомор:,ы
"""
# Sold in many shops, and not always allowed: the merchant decides.
WEAK_NOUNS = """
порох фейерверк фейерверки салют петарда петарды пиротехника вибратор фаллоимитатор мастурбатор лотерея
лохотрон
"""
# Said after "для": what is shot from.
WEAPONS = "пневматик пневмат травматик страйкбол винтовк ружь ружья"
