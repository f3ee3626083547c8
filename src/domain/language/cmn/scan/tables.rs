//! Lists for the pieces of Mandarin texts: units, measure words, what goes before a number that is read digit by digit.

/// Units in Latin letters or signs after a number.
pub(super) const UNITS: &[(&str, &str)] = &[
    ("km/h", "公里每小时"),
    ("km²", "平方公里"),
    ("km2", "平方公里"),
    ("km", "公里"),
    ("cm", "厘米"),
    ("mm", "毫米"),
    ("m²", "平方米"),
    ("m2", "平方米"),
    ("m³", "立方米"),
    ("m3", "立方米"),
    ("m/s", "米每秒"),
    ("m", "米"),
    ("kg", "公斤"),
    ("mg", "毫克"),
    ("g", "克"),
    ("ml", "毫升"),
    ("mL", "毫升"),
    ("L", "升"),
    ("l", "升"),
    ("t", "吨"),
    ("℃", "摄氏度"),
    ("°C", "摄氏度"),
    ("℉", "华氏度"),
    ("°F", "华氏度"),
    ("°", "度"),
    ("h", "小时"),
    ("min", "分钟"),
    ("s", "秒"),
    ("ms", "毫秒"),
    ("Hz", "赫兹"),
    ("kHz", "千赫"),
    ("MHz", "兆赫"),
    ("kW", "千瓦"),
    ("W", "瓦"),
    ("V", "伏"),
    ("dB", "分贝"),
    ("RMB", "元"),
    ("cal", "卡"),
    ("kcal", "千卡"),
    ("㎡", "平方米"),
];
pub(super) const MONEY: &[(&str, &str)] =
    &[("HK$", "港元"), ("US$", "美元"), ("¥", "元"), ("$", "美元"), ("€", "欧元"), ("£", "英镑"), ("₩", "韩元")];
/// After these a lone 2 is 两.
pub(super) const MEASURES: &str = "个只条张把本件位名块元角毛米里斤公厘毫克千吨升天周年小分秒次遍下回场顿份家间座层头匹双对副套组种样类岁口句页\
    章首篇部辆架艘台支枝根片朵棵杯瓶碗盘包盒袋箱桶盆壶滴粒颗道扇面番趟步声阵股堆群排列串束捆团节门国人倍边者手脚眼侧端万亿平\
    立英寸尺亩磅点钟针拨盏粒株幅枚所栋幢顶项则封通餐桌席代批届门味碟笔圈巴尾峰方市县省校队刻晚夜碗罐摄度星成";
/// After these it is 二 all the same.
pub(super) const NOT_LIANG: &[&str] = &[
    "年级", "年生", "点几", "月", "日", "号", "楼", "班", "路", "等", "维", "级", "线", "环", "世", "中", "分之", "两",
    "十", "次方", "次元", "手房", "手车", "人转", "把手", "百",
];
pub(super) const SPELLED_AFTER: &[&str] = &[
    "电话",
    "手机",
    "手机号",
    "号码",
    "电话号码",
    "拨打",
    "拨",
    "编号",
    "邮编",
    "密码",
    "验证码",
    "学号",
    "账号",
    "卡号",
    "房间",
    "房间号",
    "工号",
    "尾号",
    "代码",
    "区号",
    "房号",
    "门牌",
    "航班",
    "车次",
    "热线",
    "短信",
    "客服",
    "微信",
    "QQ",
    "打",
    "致电",
    "呼叫",
];

/// English words that could also be pinyin.
pub(super) const COMMON_ENGLISH: &str = "a an can fan man men women pan pen ten tan ban bin pin den ran she he me die lie pie tie song long ping bang \
    hang rang sang gang china change banana panda mama papa sofa chance dance hi yahoo bye like nine line fine wine mine \
    mini bikini soda pizza rap up eat age made cage wage page gate late name game same cake lake make take hole mole \
    sense lane tone bone phone home case base face race pace ace code rude cute tube june tune nice dice rice size life \
    wife wide tide hide ride side bite site white quite china data beta logo lego polo solo sale tale male pale wake fake \
    go do no so to we be guide hang dang fang gag bag gag zen pang sun fun run gun lun bun wan tang wang yang ye yo yen \
    you yin sin tin lin hen gen men rue sue due cue hue tea sea";
