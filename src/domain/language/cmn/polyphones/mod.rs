//! Characters with several readings, told by what stands around them: 还书 and 还有, 跑得快 and 我得走.
//!
//! The rules look at a character that no phrase of the table decides. Each gives the readings that are possible here,
//! best first; one reading means that the rule is sure. Only differences that a cue shows are worth a rule: tones of
//! 好, 只 or 为 follow the table.

mod common;
mod doubt;
mod particles;
mod table;

pub use doubt::doubt;

use common::{chang, dan, diao, dou, hai, hang, jiao, zhong};
use particles::{de, di, le, zhe};

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
    if let Some(readings) = table::readings(char, view) {
        return Some(readings);
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
        '乐' => {
            if view.ends("音 声 器 奏 配 交响 摇滚 爵士 管弦 民 军 哀 国 西 礼 弦 丝竹 打击")
                || view.starts("器 队 团 曲 谱 章 坛 手 理 律 府 池 师 音")
            {
                &["yue4"]
            } else if view.next_tag.starts_with('n') && !view.starts("事 园 趣 天 土 观") {
                &["le4", "yue4"]
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
            } else if view.prev_tag.starts_with(['n', 'v']) && !view.next_tag.starts_with('n') || view.ends("百分 概")
            {
                &["lv4"]
            } else {
                &["lv4", "shuai4"]
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
            if view.starts("住 在 壳 脖 着 得 死 喉 嗓") && !view.starts("在手 在包 在哪") || view.ends("关 哨 边")
            {
                &["qia3"]
            } else if view.starts("了") || view.ends("发 被") {
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
        '朴' => {
            if view.starts("素 实 质 树 茂") || view.ends("简 纯 质 古 俭 淳 诚") {
                &["pu3"]
            } else {
                &["piao2"]
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
        '哪' => &["na3"],
        '那' => &["na4"],
        '这' => &["zhe4"],
        '囤' => &["tun2"],
        '便' => &["bian4"],
        '尾' => &["wei3"],
        '拗' => {
            if view.starts("不过") || view.ends("执") {
                &["niu4"]
            } else {
                &["ao4"]
            }
        }
        '欸' | '诶' => &["ei4"],
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
