//! What the name of a member says of its value: whether it may stand in a log.

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Not at all.
    Secret,
    /// Its first and last characters.
    Personal,
    /// Whole: a number that support searches by.
    Order,
    /// Whole: a signature or an identity of the program.
    Open,
    /// Whole where it is a time.
    Time,
    /// Its beginning.
    Cipher,
    /// By its form.
    Other,
}

/// Numbers of orders and deductions; a profile's `orderField` and `refundField` come on top.
const ORDERS: &[&str] = &[
    "orderno",
    "ordernum",
    "refundno",
    "outchargeno",
    "outrefundno",
    "outtradeno",
    "chargeno",
    "tradeno",
    "deductionid",
];
const OPEN: &[&str] = &["sign", "appid", "sid", "orgcode", "transtype", "respcode", "platformcode"];
const SECRET_PARTS: &[&str] = &["secret", "password", "passwd", "pwd", "token", "pem", "credential", "authorization"];
/// Parts of the names that the documents and hospitals' programs give to what belongs to a person.
const PERSONAL_PARTS: &[&str] = &[
    "idno", "idcard", "identity", "certno", "cardno", "cardnum", "cardid", "phone", "mobile", "address", "birth",
    "passport", "openid", "unionid", "patient", "email", "gloryid", "acctno", "userno", "patno", "patid", "visitno",
    "insur",
];
const PERSONAL_ENDS: &[&str] = &["name", "tel", "addr", "account", "accountno", "contact", "mail"];
/// The same in the first letters of pinyin, as hospitals' tables have it: 姓名, 身份证号, 卡号, 联系电话, 住院号 and so on.
const PINYIN: &[&str] = &[
    "xm", "brxm", "hzxm", "sfzh", "sfzhm", "kh", "jzkh", "ybkh", "lxdh", "sjh", "sjhm", "dz", "jtdz", "lxdz", "zyh",
    "mzh", "bah",
];
/// Ends with `name` and belongs to nobody.
const NOBODYS: &[&str] = &["goodsname", "deptname", "filename", "hostname"];
const TIME_ENDS: &[&str] = &["time", "date", "stamp", "day"];
/// The words before a colon in the platforms' own messages; 号码 or 码 may follow them.
pub const LABELS: &[&str] = &[
    "姓名",
    "患者",
    "病人",
    "就诊人",
    "持卡人",
    "联系人",
    "卡号",
    "证件号",
    "身份证号",
    "身份证",
    "手机号",
    "手机",
    "电话",
    "地址",
    "住址",
    "账号",
    "门诊号",
    "住院号",
    "病案号",
    "医保号",
];

/// Longer names are no platform's.
const LONGEST: usize = 40;

/// What a member's name says; `order_fields` are the profile's own names of order numbers. Case does not matter, and
/// neither do underscores: `id_no` is `idNo`.
pub fn kind_of(name: &str, order_fields: &[String]) -> Kind {
    if name.len() > LONGEST {
        return Kind::Other;
    }
    let is_order = order_fields.iter().any(|field| field.eq_ignore_ascii_case(name));
    let mut name = name.to_ascii_lowercase();
    name.retain(|c| c != '_');
    let ends = |list: &[&str]| list.iter().any(|end| name.ends_with(end));
    let one = name.strip_suffix("list").unwrap_or(&name);
    let one = one.strip_suffix('s').unwrap_or(one);
    let is_personal =
        PERSONAL_ENDS.iter().any(|end| name.ends_with(end) || one.ends_with(end)) || PINYIN.contains(&one);
    let holds = |list: &[&str]| list.iter().any(|part| name.contains(part));
    let is = |list: &[&str]| list.contains(&name.as_str());
    if name.ends_with("key") || holds(SECRET_PARTS) {
        Kind::Secret
    } else if is_order || is(ORDERS) {
        Kind::Order
    } else if is(OPEN) {
        Kind::Open
    } else if holds(PERSONAL_PARTS) || (is_personal && !is(NOBODYS) && !NOBODYS.contains(&one)) {
        Kind::Personal
    } else if name.ends_with("encryptdata") {
        Kind::Cipher
    } else if ends(TIME_ENDS) {
        Kind::Time
    } else {
        Kind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_documents_and_of_hospitals() {
        let own = ["hisOrder".to_owned(), "his_no".to_owned()];
        for (kind, names) in [
            (Kind::Secret, "appSecret key apiKey PASSWORD dbPwd accessToken privateKey pass_word api_key_"),
            (
                Kind::Personal,
                "idNo certNo certName cardNo userName name patName realName operatorName phone mobilePhone tel address \
                 account gloryID openId patientId birthday homeAddr mailAddress bankCardNo IDCARD \
                 userNames nameList mails xm BRXM sfzh lxdh patNo insuranceNo id_no ID_CARD card_no cert_no user_name open_id account_no",
            ),
            (
                Kind::Order,
                "orderNo outChargeNo outRefundNo refundNo deductionID chargeNo hisOrder HISORDER his_no order_no",
            ),
            (Kind::Open, "sign appId sid orgCode transType"),
            (Kind::Time, "timestamp tradeTime deductionTime beginDate"),
            (Kind::Cipher, "encryptData"),
            (
                Kind::Other,
                "chargeAmt cardType certType idType accountType keyOrder text remarks goodsName goodsNames operatorId",
            ),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(kind_of(name, &own), kind, "{name}");
            }
        }
    }
}
