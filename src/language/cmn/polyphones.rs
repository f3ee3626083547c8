//! Characters with several readings, told by what stands around them: 还书 and 还有, 跑得快 and 我得走.
//!
//! The rules look at a character that no phrase of the table decides. Each gives the readings that are possible here,
//! best first; one reading means that the rule is sure. Only differences that a cue shows are worth a rule: tones of
//! 好, 只 or 为 follow the table.

/// What stands around a character, in simplified characters, up to the next break.
#[derive(Clone, Copy, Debug, Default)]
pub struct View<'a> {
    /// Everything before and after it in the clause.
    pub before: &'a str,
    pub after: &'a str,
    /// The word before and after, or the rest of the character's own word, with its part of speech.
    pub prev: &'a str,
    pub prev_tag: &'a str,
    pub next: &'a str,
    pub next_tag: &'a str,
    /// Part of speech of the longer word that the character is in; empty when it is a word of its own.
    pub own_tag: &'a str,
    /// The last character of that word.
    pub last: bool,
}

impl View<'_> {
    fn ends(&self, list: &str) -> bool {
        list.split(' ').any(|w| self.before.ends_with(w))
    }

    fn starts(&self, list: &str) -> bool {
        list.split(' ').any(|w| self.after.starts_with(w))
    }

    fn verb_before(&self) -> bool {
        self.prev_tag.starts_with(['v', 'a', 'z'])
    }

    /// Ends in a numeral, 第几, 这, 那, 每 …: what a measure word follows.
    fn counted(&self) -> bool {
        self.ends("一 二 两 三 四 五 六 七 八 九 十 百 千 几 这 那 哪 每 某 多 数 半 首 末 另")
    }

    /// Ends in an adverb of degree or another word that an adjective follows.
    fn degree(&self) -> bool {
        self.ends("很 太 真 好 更 最 挺 够 多 多么 这么 那么 非常 特别 比较 有点 有点儿 越来越 极 较 不 又 还 十分 相当 过于 一样 不太 没那么 越 稍 略")
    }
}

/// Readings possible for a character here, best first; `None` when no rule speaks of it.
pub fn decide(char: char, view: &View) -> Option<&'static [&'static str]> {
    // Names from abroad and places keep to one reading.
    if matches!(view.own_tag, "ns" | "nr" | "nrt" | "nrfg") {
        let fixed: Option<&'static [&'static str]> = match char {
            '的' => Some(&["di4"]),
            '得' => Some(&["de2"]),
            '都' => Some(&["du1"]),
            '地' => Some(&["di4"]),
            '了' => Some(&["liao3"]),
            '查' => Some(&["cha2"]),
            '朴' => Some(&["pu3"]),
            '单' => Some(&["dan1"]),
            _ => None,
        };
        if fixed.is_some() {
            return fixed;
        }
    }
    Some(match char {
        '了' => le(view),
        '着' => zhe(view),
        '得' => de(view),
        '地' => di(view),
        '还' => hai(view),
        '都' => dou(view),
        '长' => chang(view),
        '行' => hang(view),
        '重' => zhong(view),
        '觉' => jiao(view),
        '的' => {
            if view.before.ends_with('打') && view.starts("去 来 回 到 上班 上学 走吧") {
                &["di1"]
            } else {
                &["de5"]
            }
        }
        '藏' => {
            if view.ends("西 青 川 新 援 进 入 汉 宝 滇 卫 前 后") && view.own_tag != "v"
                || view.starts("族 语 文 区 历 獒 袍 传 经 民 医 药 红花 历史 北 南")
            {
                &["zang4"]
            } else {
                &["cang2"]
            }
        }
        '会' => &["hui4"],
        '大' => &["da4"],
        '和' => he(view),
        '乐' => {
            if view.ends("音 声 器 奏 配 交响 摇滚 爵士 管弦 民 军 哀 国 西 礼 弦 丝竹 打击")
                || view.starts("器 队 团 曲 谱 章 坛 手 理 律 府 池 师 音")
            {
                &["yue4"]
            } else {
                &["le4"]
            }
        }
        '弹' => dan(view),
        '调' => diao(view),
        '传' => {
            if view.ends("自 水浒 外 列 评 别 小 白蛇 英雄 正 经 前 后 鹿鼎 甄嬛 人物") && view.after.is_empty()
                || view.starts("记 略")
            {
                &["zhuan4"]
            } else {
                &["chuan2"]
            }
        }
        '差' => {
            if view.ends("出 公 邮 交 当 听 钦 美 苦 官") && !view.starts("距 异 别 价 额 错") {
                &["chai1"]
            } else {
                &["cha4"]
            }
        }
        '率' => {
            if view.starts("领 先 队 团 军 众 真 部 兵 性 直 师") || view.ends("坦 轻 草 直 表 统 真")
            {
                &["shuai4"]
            } else {
                &["lv4"]
            }
        }
        '血' => {
            if view.starts("淋 晕")
                || view.after.is_empty() && view.ends("流 出 吐 抽 献 放 点 的 鼻")
                || view.starts("了 ，")
            {
                &["xue4", "xie3"]
            } else {
                &["xue4"]
            }
        }
        '谁' => &["shei2", "shui2"],
        '剥' => {
            if view.starts("削 夺 离 落 蚀 脱") {
                &["bo1"]
            } else {
                &["bao1"]
            }
        }
        '削' => {
            if view.starts("减 弱 价 职 足 壁 发 平") || view.ends("剥 瘦 刀") {
                &["xue1"]
            } else {
                &["xiao1"]
            }
        }
        '嚼' => {
            if view.ends("咀") {
                &["jue2"]
            } else {
                &["jiao2"]
            }
        }
        '薄' => {
            if view.starts("弱 情 命 利 膜 荷 礼 暮 雾 雪 酒") || view.ends("单 微 浅 淡 稀 刻 厚 鄙 轻 绵 尖嘴")
            {
                &["bo2"]
            } else {
                &["bao2"]
            }
        }
        '露' => {
            if view.starts("馅 怯 脸 面 一手 头角 底 富 一小手 马脚 白") && !view.starts("面积 白天")
            {
                &["lou4"]
            } else {
                &["lu4"]
            }
        }
        '落' => {
            if view.starts("下了 在家 在车 在学校 在办公 在教室 在公司 一个字 了一 字")
                && (view.before.contains('把') || view.ends("别 忘 被 又 东西 书包 钥匙 手机 包"))
            {
                &["la4", "luo4"]
            } else if view.starts("枕 炕") {
                &["lao4"]
            } else {
                &["luo4"]
            }
        }
        '扎' => {
            if view.starts("辫 头发 马尾 小辫 蝴蝶结 起来 丸子 起头发 着辫 着马尾 了辫 个马尾 个辫 上红 带子")
                || view.ends("包 捆 结")
            {
                &["za1"]
            } else {
                &["zha1"]
            }
        }
        '择' => {
            if view.starts("菜 韭 葱 一下菜") {
                &["zhai2"]
            } else {
                &["ze2"]
            }
        }
        '系' => {
            if view
                .starts("鞋 领带 安全带 扣 围裙 腰带 红领巾 上 好 紧 着 在腰 在脖 在树 围巾 绳 了 一条 一个 带子 个 不")
                && !view.ends("关 体 派 中文 外语 联 院 数学")
            {
                &["ji4"]
            } else {
                &["xi4"]
            }
        }
        '卡' => {
            if view.starts("住 在 壳 脖 着 了一 得") || view.ends("关 发 哨 被 边") {
                &["qia3", "ka3"]
            } else {
                &["ka3"]
            }
        }
        '粘' => {
            if view.starts("度 性 液 土 稠 米 膜 连") || view.degree() {
                &["nian2"]
            } else {
                &["zhan1"]
            }
        }
        '塞' => {
            if view.ends("堵 闭 阻 搪 茅 充 语") {
                &["se4"]
            } else if view.starts("外 北 翁") || view.ends("边 要") {
                &["sai4"]
            } else {
                &["sai1"]
            }
        }
        '盛' => {
            if view.starts("饭 汤 菜 满 一碗 一勺 一点 水 着 了 粥 在 进 面 好 得下 不下 出 起")
            {
                &["cheng2"]
            } else {
                &["sheng4"]
            }
        }
        '称' => {
            if view.starts("职 心 手") || view.ends("对 匀 相") {
                &["chen4"]
            } else {
                &["cheng1"]
            }
        }
        '朝' => {
            if view.starts(
                "阳区 阳门 阳公园 阳医院 向 着 鲜 代 廷 圣 政 野 我 他 她 你 这 那 前 后 左 右 南 北 东 西 天上 门 窗",
            ) || view.ends("王 唐 宋 明 清 汉 元 隋 北 南 六 上 历 本 改")
            {
                &["chao2"]
            } else if view.starts("霞 气 夕 三 露 令 阳") || view.ends("今 明 有 一") {
                &["zhao1"]
            } else {
                &["chao2"]
            }
        }
        '曾' => {
            if view.starts("经 是 在 有 被 对 说 把 为 以 任 因 想 去 做 与 向 几 获 给 和 不")
                || view.ends("不 未 何 也 我 他 她 你 们 都 就 虽 并")
            {
                &["ceng2"]
            } else if view.starts(TITLES) || view.ends("姓 小 老 阿 叫") || view.starts("祖 孙") {
                &["zeng1"]
            } else {
                &["ceng2", "zeng1"]
            }
        }
        '校' => {
            if view.starts("对 正 准 验 订 勘 样 稿") || view.ends("一 二 三 审") && view.after.is_empty() {
                &["jiao4"]
            } else {
                &["xiao4"]
            }
        }
        '强' => &["qiang2"],
        '宿' => {
            if view.counted() && !view.starts("舍") {
                &["xiu3"]
            } else {
                &["su4"]
            }
        }
        '色' => &["se4"],
        '没' => {
            if view.starts("收 落 顶 膝 入水") || view.ends("淹 沉 埋 吞 湮 出 隐 覆 泯") && !view.starts("有 事 什 问")
            {
                &["mo4"]
            } else {
                &["mei2"]
            }
        }
        '仔' => {
            if view.starts("细 猪 鸡") && !view.ends("牛 打工") {
                &["zi3"]
            } else {
                &["zai3"]
            }
        }
        '屏' => {
            if view.starts("住 息 气 除 退 弃 着") {
                &["bing3"]
            } else {
                &["ping2"]
            }
        }
        '咯' => {
            if view.after.is_empty() {
                &["lo5"]
            } else if view.starts("血 痰") {
                &["ka3"]
            } else {
                &["ge1"]
            }
        }
        '咳' => {
            if view.before.is_empty() && (view.after.is_empty() || view.starts("， 咳")) {
                &["hai1", "ke2"]
            } else {
                &["ke2"]
            }
        }
        '喔' => &["o1", "wo1"],
        '阿' => {
            if view.starts("胶 谀 房 弥") {
                &["e1"]
            } else {
                &["a1"]
            }
        }
        '给' => {
            if view.starts("予 养 水工") || view.ends("供 补 自 配 薪") {
                &["ji3"]
            } else {
                &["gei3"]
            }
        }
        '曝' => {
            if view.starts("光") {
                &["bao4"]
            } else {
                &["pu4"]
            }
        }
        '畜' => {
            if view.starts("牧 养 产") {
                &["xu4"]
            } else {
                &["chu4"]
            }
        }
        '角' => {
            if view.starts("色 逐 斗 力")
                || view.ends("主 配 女 男 丑 旦 名 口 独 要 坤 捧")
                    && !view.ends("视角 口角上")
                    && !view.starts("度 落")
            {
                &["jue2"]
            } else {
                &["jiao3"]
            }
        }
        '模' => {
            if view.starts("样 具 子 板") || view.ends("铜 字 装 人") && view.starts("样") {
                &["mu2"]
            } else {
                &["mo2"]
            }
        }
        '勒' => {
            if view.starts("紧 住 着 死 得 出 了") {
                &["lei1"]
            } else {
                &["le4"]
            }
        }
        '提' => {
            if view.starts("防 溜") {
                &["di1"]
            } else {
                &["ti2"]
            }
        }
        '省' => {
            if view.ends("反 自 内 三") && !view.starts("份 会 市 长") || view.starts("悟 亲 察") {
                &["xing3"]
            } else {
                &["sheng3"]
            }
        }
        '参' => {
            if view.ends("人 海 党 西洋 高丽 红 丹 玄") {
                &["shen1"]
            } else if view.starts("差") {
                &["cen1"]
            } else {
                &["can1"]
            }
        }
        '数' => &["shu4"],
        '降' => {
            if view.ends("投 招 劝 诈 受 宁死不") || view.starts("服 伏 龙 魔 住 妖") {
                &["xiang2"]
            } else {
                &["jiang4"]
            }
        }
        '核' => {
            if view.starts("儿") {
                &["hu2"]
            } else {
                &["he2"]
            }
        }
        '壳' => {
            if view.ends("地 甲 躯 金蝉脱") {
                &["qiao4"]
            } else {
                &["ke2"]
            }
        }
        '折' => {
            if view.starts("腾") {
                &["zhe1"]
            } else if view.starts("了") && view.ends("腿 断 骨 胳膊 树枝 棍") || view.starts("本 耗") {
                &["she2", "zhe2"]
            } else {
                &["zhe2"]
            }
        }
        '单' => {
            if view.starts(TITLES)
                && (view.before.is_empty() || view.ends("姓 是 叫 找 请 问"))
                && !view.starts("总 工")
                || view.ends("姓")
                || view.ends("叫 我是 他是")
                    && (1..=2).contains(&view.after.chars().count())
                    && !view.starts("独 身 人 车 打")
                || view.starts("县 雄信")
            {
                &["shan4"]
            } else if view.starts("于") {
                &["chan2"]
            } else {
                &["dan1"]
            }
        }
        '仇' => {
            if view.starts(TITLES) && (view.before.is_empty() || view.ends("姓 是")) || view.ends("姓") {
                &["qiu2"]
            } else {
                &["chou2"]
            }
        }
        '解' => {
            if view.starts(TITLES) && (view.before.is_empty() || view.ends("姓"))
                || view.ends("姓")
                || view.starts("数 晓东 缙")
            {
                &["xie4"]
            } else {
                &["jie3"]
            }
        }
        '查' => {
            if view.starts(TITLES) && (view.before.is_empty() || view.ends("姓"))
                || view.ends("姓")
                || view.starts("良镛 理 尔斯")
            {
                &["zha1"]
            } else {
                &["cha2"]
            }
        }
        '区' => {
            if view.starts(TITLES) && view.before.is_empty() || view.ends("姓") {
                &["ou1"]
            } else {
                &["qu1"]
            }
        }
        '朴' => {
            if view.starts("素 实 质 树 茂") || view.ends("简 纯 质 古 俭 淳 诚") {
                &["pu3"]
            } else {
                &["piao2"]
            }
        }
        '盖' => {
            if view.ends("姓") || view.starts("叫天 文王") {
                &["ge3"]
            } else {
                &["gai4"]
            }
        }
        '覃' => &["qin2", "tan2"],
        '种' => {
            if view.ends("姓") {
                &["chong2"]
            } else {
                &["zhong3"]
            }
        }
        '车' => {
            if view.ends("丢 舍 将 炮 出") && (view.starts("保 马 炮") || view.ends("舍")) {
                &["ju1"]
            } else {
                &["che1"]
            }
        }
        '石' => {
            if view.ends("一 两 三 百 千 万 几 十") && view.starts("米 粮 谷 粟") {
                &["dan4"]
            } else {
                &["shi2"]
            }
        }
        '什' => &["shi2"],
        '似' => {
            if view.starts("的") {
                &["shi4"]
            } else {
                &["si4"]
            }
        }
        '熟' => &["shu2"],
        '哪' => &["na3"],
        '那' => &["na4"],
        '这' => &["zhe4"],
        '囤' => &["tun2"],
        '宁' => &["ning2"],
        '便' => &["bian4"],
        '炸' => &["zha4"],
        '尾' => &["wei3"],
        '拗' => {
            if view.starts("不过") || view.ends("执") {
                &["niu4"]
            } else {
                &["ao4"]
            }
        }
        '欸' | '诶' => &["ei4"],
        '柏' => {
            if view.starts("林 拉图 格森") {
                &["bo2"]
            } else {
                &["bai3"]
            }
        }
        '巷' => {
            if view.starts("道") && !view.starts("道口") {
                &["hang4", "xiang4"]
            } else {
                &["xiang4"]
            }
        }
        '约' => &["yue1"],
        '食' => &["shi2"],
        _ => return None,
    })
}

const TITLES: &str = "先生 女士 老师 小姐 太太 医生 大夫 教授 经理 主任 总 老板 师傅 同学 阿姨 叔叔 校长 局长 律师 导演 工 姓 队长 教练 警官 氏";

fn le(view: &View) -> &'static [&'static str] {
    // 受不了, 跑得了: the complement; but 取得了, 记得了 are verbs with the particle.
    const DE_VERBS: &str = "取得 获得 赢得 博得 觉得 记得 懂得 晓得 显得 值得 难得 舍得 免得 省得 使得 认得 求得 所得 夺得 测得 变得 不得 只得 落得 心得";
    if view.starts("解 结 却 断 如指掌 不起 不得 事 无 望 然 悟 账 当")
        && !view.starts("解放 结果 结婚 不得不 事情 当时 当然 结束 断开 断断 无数 无法 账号 账单 然后 解决 解释")
    {
        return &["liao3"];
    }
    let inner: Vec<char> = view.before.chars().rev().take(2).collect();
    match inner.as_slice() {
        ['不', verb] if !matches!(verb, '再' | '也' | '就' | '还' | '好' | '，' | '可' | '要' | '是' | '我' | '他') => {
            &["liao3"]
        }
        ['得', verb]
            if !view.ends(DE_VERBS)
                && !matches!(verb, '我' | '你' | '他' | '她' | '也' | '就' | '都' | '终' | '又') =>
        {
            if view.prev_tag == "v" || view.prev_tag == "ud" { &["liao3"] } else { &["le5", "liao3"] }
        }
        _ => &["le5"],
    }
}

fn zhe(view: &View) -> &'static [&'static str] {
    let last = view.before.chars().next_back();
    if view.ends("睡不 找不 够不 摸不 见不 用不 犯不 管不 数不 碰不 猜不 点不 抓不 打不 怪不 逮不 合不 听不 睡得 找得 够得 摸得 见得 用得 犯得 管得 碰得 猜得 点得 数得") {
        return &["zhao2"];
    }
    if last == Some('睡') {
        return if view.starts("觉 的时候 时") { &["zhao2", "zhe5"] } else { &["zhao2"] };
    }
    if matches!(
        last,
        Some('找' | '猜' | '逮' | '抓' | '碰' | '见' | '够' | '捞' | '点' | '打' | '冻' | '吓' | '累' | '饿')
    ) && view.starts("了")
    {
        return &["zhao2", "zhe5"];
    }
    if matches!(last, Some('找' | '见' | '够' | '碰' | '逮' | '抓' | '猜'))
        && view.after.is_empty()
        && (view.before.contains('没') || view.ends("终于找 总算找 也找"))
    {
        return &["zhao2"];
    }
    if view.ends("衣 穿") && (view.starts("打扮 得体 讲究 朴素 时尚 整齐 也 很 是 风格 不 入时 简单 十分 非常 暴露 搭配") || view.after.is_empty() && view.ends("的穿 衣"))
        || view.starts("装 陆 落 手 重 想 眼 色 力 墨 笔 实 意") && !view.starts("手机 手里 手上 手中 手表 手指 手指头 重物 想 眼睛 眼泪 眼镜 落叶 装着 手电 手套 手提 笔记 实在 手帕 手杖 眼看") && !view.verb_before()
        || view.ends("附 沉 执 胶 土")
    {
        return &["zhuo2"];
    }
    if !view.verb_before() && view.starts("火 急 凉 迷 慌 魔 忙 地 风") {
        return &["zhao2"];
    }
    if view.ends("高 一 这 招 绝") && !view.verb_before() && view.after.is_empty() {
        return &["zhao1"];
    }
    &["zhe5"]
}

fn de(view: &View) -> &'static [&'static str] {
    const NOUN_OF_GAIN: &str = "到 出 知 分 奖 病 第 意 罪 名 利 胜 体 失 冠军 亚军 季军 金牌 银牌 满分 高分 一百分 一等奖 二等奖 票 势 逞 救 手 法 当 主 以 了病 过 了第 了冠 了奖 了感冒 癌 感冒 流感 新冠 益 道 宠";
    const MUST_BEFORE: &str = "就 还 也 必 总 都 又 可 只 非 真 才 得 一定 恐怕 大概 可能 起码 至少 最少 怕 肯定 今天 明天 后天 现在 以后 晚上 早上 下午 上午 待会儿 一会儿 马上 然后 所以 因此 那 那么 但 但是 不过 否则 要不 不然 先 最后 往后 回头 毕竟 这 那 事 人 们 家 我 你 他 她 它 您 咱 谁 大家 自己 妈妈 爸爸 老师 孩子 同学 学生 公司 政府 而且 并且 周末 每天 每次 天天 年 月 号 点 时候 反正 看来 估计 应该 或许 至多 最多 仍 仍然 依然 终究 到底 自然 未免";
    if view.before.is_empty() {
        return if view.starts(NOUN_OF_GAIN) || view.starts("了") || view.after.is_empty() {
            &["de2"]
        } else {
            &["dei3"]
        };
    }
    // 舍不得, 认得, 跑得快: all cued alike, whatever the tone.
    if view.before.ends_with('不') {
        return &["de2"];
    }
    let prev_noun = view.prev_tag.starts_with(['r', 'n', 't', 'c', 's', 'm'])
        && !view.ends("记 病 饿 气 急 乐 疼 晒 冻 哭 梦 笑 热");
    let must = MUST_BEFORE.split(' ').any(|w| view.before.ends_with(w)) || view.prev_tag == "d" || prev_noun;
    if must && !view.verb_before() || must && view.ends("可能 应该 肯定 估计 看来") {
        if view.starts(NOUN_OF_GAIN) || view.starts("了") {
            return &["de2"];
        }
        if view.after.is_empty() {
            return &["de5", "dei3"];
        }
        // 他字写得: a noun that is a verb: 他病得很重.
        if view.starts("很 太 真 非常 特别 不得了 厉害 要命 够呛 更 最 多了 这么 那么 像 怎么样 不错 挺 极 越 比较 相当 十分 如此 有点 真快 好极了 快 慢") {
            return if prev_noun && view.prev_tag.starts_with('r') { &["dei3", "de5"] } else { &["de5"] };
        }
        return &["dei3"];
    }
    if view.ends("要 会 能 想 是 有 该 需要") && !view.starts("很 太") {
        return &["dei3", "de5"];
    }
    &["de5"]
}

fn di(view: &View) -> &'static [&'static str] {
    if view.before.is_empty() {
        return &["di4"];
    }
    let prev: Vec<char> = view.prev.chars().collect();
    // After a word that is cut in single characters, what stands before it: 一步一步, 高高兴兴.
    let tail: Vec<char> = view.before.chars().rev().take(4).collect();
    let doubled = tail.len() >= 2 && tail[0] == tail[1]
        || tail.len() >= 4 && tail[0] == tail[2] && tail[1] == tail[3]
        || tail.len() >= 4 && tail[0] == tail[1] && tail[2] == tail[3]
        || tail.len() >= 4 && tail[1] == '一' && tail[3] == '一' && tail[0] == tail[2];
    if view.after.is_empty() {
        let slowly = doubled || prev.len() >= 2 && view.prev_tag.starts_with(['d', 'a', 'z', 'i']) || view.ends("然");
        return if slowly { &["de5"] } else { &["di4"] };
    }
    if view.prev_tag == "d" && prev.len() >= 2 && !view.starts("方 区 面上 点上") {
        return &["de5"];
    }
    if view.starts("上 下 里 面 方 点 位 区 球 图 铁 址 震 带 处 理 主 道 板 毯 瓜 形 势 层 段 基 盘 契 产 名 平线")
        && !view.starts("上下 上前 上去 上车 上楼 上网 上课 下去 下来 下车 下楼 下班 下雨 点头 点点 点了 面对 处理 理解 道歉 位于 里外 带着 带我 带他 带领 带走 处 震动 方便 平")
        && !doubled
    {
        return &["di4"];
    }
    let next_is_act = view.next_tag.starts_with(['v', 'd', 'p', 'a', 'z', 'i', 'l', 'c', 'o'])
        || view.starts("把 被 给 对 向 跟 和 从 在 往 朝 用 为 将 不 没 一 就 又 看 笑 说 走 哭 跑");
    let is = view.starts("是 有 在 的 和 与 很 了 都 也 不是 没有 上");
    let adverbial = view.prev_tag.starts_with(['a', 'd', 'z', 'i', 'l', 'o', 'b'])
        || view.ends("然 般 样 似 劲 声") && prev.len() != 1
        || doubled;
    let place = "种 耕 扫 拖 落 遍 倒 坐 躺 擦 满 某 异 外 两 空 各 这 那 当 本 此 该 产 草 土 田 耕 荒 山 陆 洼 工 场 营 墓 盆 林 湿 沙 雪 绿 菜 麦 园 用 征 占 圈 卖 买 刨 锄 一块 块 片 的 在 到 之 天 胜 重 险 高 宝 圣 目的 根据 所在 发源 出生";
    let placed = place.split(' ').any(|p| view.before.ends_with(p)) && !doubled;
    if adverbial && !placed && !is {
        return if next_is_act { &["de5"] } else { &["de5", "di4"] };
    }
    if doubled && next_is_act {
        return &["de5"];
    }
    if prev.len() >= 2 && view.prev_tag.starts_with(['v', 'n', 'm', 'r', 'y']) && next_is_act && !is && !placed {
        return if view.prev_tag.starts_with('v') || view.prev_tag.starts_with('m') {
            &["de5"]
        } else {
            &["de5", "di4"]
        };
    }
    if placed || prev.len() <= 1 { &["di4"] } else { &["di4", "de5"] }
}

fn hai(view: &View) -> &'static [&'static str] {
    const GOODS: &str = "钱 书 债 款 清 贷 账 礼 手 击 价 原 乡 本金 愿 魂 俗 东西 图书 车款 车贷 房贷 信用卡 花呗 人情 高利贷 贷款 欠款 雨伞 伞 给 回去 回来 掉 完了 清了 上钱 押金";
    if view.starts(GOODS) && !view.starts("给我 给他 给你 给她 给人 给 手机 手里 价格 原来 完 书上 车")
    {
        return &["huan2"];
    }
    if view.starts("给") {
        // 还给他 gives back; 还给他买了 adds.
        let person: String = view.after.chars().skip(1).take(2).collect();
        let rest = view.after.trim_start_matches('给');
        let rest = ["我们", "你们", "他们", "她们", "人家", "别人", "老师", "图书馆", "我", "你", "他", "她", "您"]
            .iter()
            .find_map(|p| rest.strip_prefix(p))
            .unwrap_or(rest);
        let verb_follows =
            rest.chars().next().is_some_and(|c| "买做送打带写讲说起留寄发唱拿看倒画安介准提指添".contains(c));
        return if verb_follows {
            &["hai2", "huan2"]
        } else if person.is_empty()
            || rest.is_empty()
            || rest.starts_with(['了', '吧', '的', '，', '吗'])
            || view.before.contains('把')
        {
            &["huan2"]
        } else {
            &["huan2", "hai2"]
        };
    }
    let end = view.after.is_empty()
        || view.starts("了 吧 吗 呢 啊 的时候 不了 得起 得了 不起 一下 回 上 清 完 到 我吧 你吧 他吧")
            && !view.starts("上学 上班 上课 上网 上了 不了解 到处 回家 回不 上 到");
    if end && view.ends("要 该 会 能 来 去 不 没 得 先 早点 按时 必须 马上 已经 快 忘了 忘记 没有 准备 再 借 归 偿 怎么 如何 何时 未 没法 我 你 他 她 就 钱 书 债 款 账 以后 后 月 年 天 都 有借有 同时 也 一起 全 才 用 替 帮 清") {
        return if view.ends("我 你 他 她 也 都 就 才") && view.after.is_empty() { &["hai2", "huan2"] } else { &["huan2"] };
    }
    if view.before.contains('把') && (view.starts("了 回 给 清 掉 完 上") || view.after.is_empty())
        || view.ends("有借有 归 偿 奉 返 退 交 生") && !view.starts("有 是 没 不 要 可")
    {
        return &["huan2"];
    }
    // 还我钱, 还你书: a verb with its two objects.
    if view.starts("我 你 他 她 您") {
        let rest: String = view.after.chars().skip(1).collect();
        if rest.is_empty()
            || ["钱", "书", "手机", "的", "清白", "自由", "东西", "公道", "命", "一个", "人情", "!"]
                .iter()
                .any(|w| rest.starts_with(w))
        {
            return &["huan2"];
        }
    }
    if view.after.is_empty() && view.before.is_empty() {
        return &["hai2", "huan2"];
    }
    &["hai2"]
}

fn dou(view: &View) -> &'static [&'static str] {
    if view.ends("首 成 京 古 建 定 迁 国 帝 魔 故 旧 陪 丰 江 花 山 新 昌 于 武 大 钢 水 煤 瓷 东方")
        && !view.ends("这些年 很大 多大 不大 大大")
        && !view.starts("是 有 不 没 会 能 要 在 很 好 可 想 去 来 说 得 让 把 被 给 用 了")
        || view.starts("城 督 灵 江堰 市里 市中 市生 市人 市圈 市化 市丽 市白 市的") && !view.starts("市民 市场 城里")
    {
        if view.ends("首 成 京 古 建 定 迁 帝 魔 故 旧 陪 丰") || view.starts("城 督 江堰 市") {
            &["du1"]
        } else {
            &["dou1"]
        }
    } else if view.starts("市") && !view.starts("市场 市民 市长 市政") {
        &["du1"]
    } else {
        &["dou1"]
    }
}

fn chang(view: &View) -> &'static [&'static str] {
    // 教务长, 检察长: the head of something.
    if view.last && view.own_tag.starts_with('n') && view.before.chars().count() >= 2 {
        return &["zhang3"];
    }
    const GROWS: &str = "大 高 胖 得 出 满 成 着 在 进 势 辈 老 子 女 孙 草 虫 肉 个 痘 牙 胡 叶 毛了 这么 那么 什么 啥 怎么 这样 那样 相 官 者 房 上 起 了一 了两 了三 了几 了许多 了很多 了不少 了个 了新 了好 了翅膀 了胡 了头 了牙 了一身 了张 点肉 点心 点个 膘 知识 见识 本事 记性 心眼 岁 虱 疮 斑 皱纹 疙瘩 刺 根 芽 苔 霉 锈 不大 不高 不胖 不出 不成 不好 教训 篇大论";
    // 头发长长了: grown long.
    if view.starts("长了 长啦") {
        return &["zhang3"];
    }
    if view.starts("满 出 着一 着两 着三 着大 着小 着长 着黑 着白 着很 着许多 着翅膀 着胡 得很 得真 得好 得像 得又 得特别 得挺 得太 得不 得一")
        && !view.ends("时间 路 腿 头发 河 队 裤子 裙子 袖子 很 太 真 线 绳子")
    {
        return &["zhang3"];
    }
    if view.starts("篇 假 大于 着呢 成语 老远") {
        return if view.starts("着呢 老远") { &["chang2", "zhang3"] } else { &["chang2"] };
    }
    if view.starts("的") {
        return if view.starts("的像 的很 的真 的好 的帅 的漂亮 的不 的跟 的和 的什么 的挺 的太 的可爱 的美")
            && !view.degree()
            && view.prev_tag.starts_with(['r', 'n'])
        {
            &["zhang3", "chang2"]
        } else {
            &["chang2"]
        };
    }
    let measured = view.ends("米 公里 尺 厘米 寸 里 分钟 小时 天 年 毫米 丈 多 公分 千米 度 身 手 腿 脖子 头发 细 狭 漫 修 瘦 全 特 专 擅 绵 冗 深 源远流 延 加 拉 伸 天 万年") || view.degree();
    if view.ends("部 局 校 院 市 省 县 区 科 处 班 组 队 会 团 排 连 营 军 舰 船 机 站 厂 店 行 家 师 首 酋 村 镇 乡 州 董事 秘书 司 庭 所 室 学 生 增 成 助 滋 消 见 兄 尊 厅 船 课 社 馆 议 护士 台 园 参谋 检察 警 总 族 户 列车") && !measured && !view.starts("的 江 城 发 裙 裤 期 时间 途") {
        return if view.ends("行 学 生 增 成") && view.starts("大 得 高 出") || !view.starts("得 大 高") { &["zhang3"] } else { &["chang2", "zhang3"] };
    }
    if view.starts(GROWS) {
        if view.starts("得") && (view.ends("时间 路 腿 头发 河 队 裤子 裙子 袖子") || view.degree()) {
            return &["chang2", "zhang3"];
        }
        if view.starts("相") && !view.starts("相思 相守 相随") || !measured || view.starts("大 高 胖") {
            return &["zhang3"];
        }
    }
    if view.starts("了") && !measured {
        return &["chang2", "zhang3"];
    }
    &["chang2"]
}

fn hang(view: &View) -> &'static [&'static str] {
    const LINES: &str = "字 诗 代码 文字 眼泪 泪 树 大雁 脚印 小字 白鹭 热泪 清泪 数据 诗句 歌词 是 的 写 和 第 有 到 空 开始 里 中 末 首 记录";
    if view.ends("一") && view.starts("人 五 三 四 两 六 七 八 九 十 几 来到 抵达") {
        return &["xing2"];
    }
    if view.counted() {
        if view.starts("吗 不行 吧 啊 呢 ？") {
            return &["xing2"];
        }
        return if view.starts(LINES) || view.after.is_empty() || view.ends("第一 第二 第三 第四 第五 第几")
        {
            &["hang2"]
        } else {
            &["hang2", "xing2"]
        };
    }
    if view.ends("银 央 分 支 总 商 投 农 建 招 琴 洋 同 内 外 各 本 改 转 懂 在 跨 隔 单 双 换 入 车 花 牙 米 这一 那一 哪一 哪 逐 排 发廊") && (view.after.is_empty() || view.starts("业 家 情 长 列 规 当 距 号 里 的人 的") && !view.starts("长途")) && !view.ends("不在 现在 正在 存在 实在") {
        return if view.ends("同 在 花") { &["hang2", "xing2"] } else { &["hang2"] };
    }
    if view.starts("业 家 情 列 规 当 距 长 会 话 伍 间 辈")
        && !view.starts("会议 当然 家里 长途 长达 会不会 话 当时 间距 辈子")
    {
        return if view.starts("长") { &["hang2", "xing2"] } else { &["hang2"] };
    }
    &["xing2"]
}

fn zhong(view: &View) -> &'static [&'static str] {
    if view.ends("双 多 三 两 四 几 二 九 层 万 一") && !view.starts("要 量 点 伤 视 于 任 物 力 大 心")
        || view.ends("双 多") && view.after.is_empty()
    {
        return &["chong2"];
    }
    if view.degree() && !view.ends("又 还 不") {
        return &["zhong4"];
    }
    if view.starts("新 复 建 逢 返 申 叠 组 置 庆 阳 蹈 温 洗 拍 开 启 装 画 录 唱 做 写 说 来 看 读 听 抄 考 修 算 打 播 选 设置 归 现 名 走 回 写 唱 印 提 起炉灶 头再 见天日 操旧业 生 整 塑 审 获 游 译 燃 演 聚 圆 出江湖 拾 围 孙 婚") && !view.starts("生产 读音 看重 听力 听 来客 打击 开车 现实 名誉 装备 整治 获 回 考 提 生态 走 洗衣 说") {
        return &["chong2"];
    }
    if view.starts("来 打 说 看 听 读 考 走 回 提 获 洗") {
        return &["chong2", "zhong4"];
    }
    &["zhong4"]
}

fn jiao(view: &View) -> &'static [&'static str] {
    const AFTER: &str = "了 吧 的 呢 吗 啊 ， 前 后 时 醒 睡 就 都 也 再 去 才 到 以 之 来 能 是 很 真 不 吃";
    if view.ends("午 懒 回笼 美容 囫囵 瞌 困 睡") {
        return &["jiao4"];
    }
    let recent: String = view.before.chars().rev().take(9).collect();
    let slept = recent.contains('睡') || recent.contains('补') && recent.contains('个');
    if slept
        && (view.after.is_empty() || view.starts(AFTER))
        && !view.ends("感 自 察 知 发 不 警 直 错 味 嗅 听 视 触 幻")
    {
        return &["jiao4"];
    }
    if view.ends("一 这 这一 两 个好 大 饱 安稳") && (view.after.is_empty() || view.starts("醒 睡 起 过 到 了"))
    {
        return &["jiao4"];
    }
    &["jue2"]
}

fn he(view: &View) -> &'static [&'static str] {
    if view.ends("暖 软 热 搀 掺 搅 温")
        && (view.after.is_empty() || !view.prev_tag.starts_with('n'))
        && view.ends("暖 软 掺 搀 搅")
    {
        return &["huo5"];
    }
    if view.starts("面")
        && !view.starts("面包 面条 面前 面对 面粉 面子 面孔 面试")
        && (view.before.is_empty() || view.ends("会 在 来 去 要 先 用 帮 正在 给 学 水 一起 忙着 开始"))
        || view.starts("泥 稀泥") && !view.prev_tag.starts_with('n')
    {
        return &["huo2"];
    }
    if view.starts("牌 了这把") && !view.prev_tag.starts_with('n') {
        return &["hu2", "he2"];
    }
    &["he2"]
}

fn dan(view: &View) -> &'static [&'static str] {
    if view.ends("子 炮 炸 导 原子 核 氢 手榴 中 飞 枪 流 臭 催泪 烟雾 燃烧 照明 泥 信号 霰 弹")
        && !view.starts("琴 钢琴 奏 唱 劾")
        || view.starts("药 弓 头 片 壳 夹 道 丸 孔 坑 幕 珠 尽粮")
    {
        return &["dan4"];
    }
    &["tan2"]
}

fn diao(view: &View) -> &'static [&'static str] {
    if view.ends("音 语 声 曲 强 单 格 色 腔 论 步 对 跑 走 情 低 高 基 笔 抽 外 上 借 征 提 变 这个 那个 什么 同 老 小 大 升 降") && (view.after.is_empty() || view.starts("是 的 很 了 太 不")) || view.starts("走 去 来 离 回 动 查 换 头 子 任 派 遣 研 度 出 用 包 虎 往 入 门 兵 档 令 阅 职 岗") && !view.starts("来调去 动一下 头发") {
        return &["diao4"];
    }
    if view.starts("到")
        && ["部门", "公司", "单位", "总部", "分公司", "学校", "外地", "北京", "上海", "机关", "局", "省", "另"]
            .iter()
            .any(|w| view.after.contains(w))
    {
        return &["diao4"];
    }
    &["tiao2"]
}
