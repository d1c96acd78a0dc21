//! Refusals: the platform's documented codes, and the sandbox's own from 200001 on.

/// Why the platform refuses: `respCode` and `respMsg`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `respCode`, never zeros only.
    pub code: String,
    /// `respMsg`, in Chinese.
    pub message: String,
}

impl Refusal {
    /// A refusal with a code of [`CODES`], or one that a fault asks for.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}

macro_rules! codes {
    ($($name:ident = $code:literal $meaning:literal,)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every code that the sandbox answers of its own, with its meaning; the READMEs list the same.
        pub const CODES: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    CRYPTO_FAILED = "000001" "加解密失败",
    BAD_SIGN = "000002" "签名错误",
    APP_ID_EMPTY = "010003" "appId 不能为空",
    TIMESTAMP_EMPTY = "010006" "timestamp 不能为空",
    NOT_AN_ENVELOPE = "200001" "报文不是 JSON 对象",
    UNKNOWN_APP_ID = "200002" "appId 不存在",
    BAD_TIMESTAMP = "200003" "timestamp 格式错误",
    UNKNOWN_TRANS_TYPE = "200004" "transType 不存在",
    MISSING_FIELD = "200101" "缺少必填字段",
    UNKNOWN_CODE = "200102" "字典代码不存在",
    BAD_AMOUNT = "200103" "金额格式错误",
    BAD_RANGE = "200104" "日期或分页参数错误",
    BAD_TEXT = "200105" "字段应为文本",
    NO_ACCOUNT = "200201" "账户不存在",
    ACCOUNT_LOST = "200202" "账户已挂失",
    ACCOUNT_FROZEN = "200203" "账户已冻结",
    ACCOUNT_CANCELLED = "200204" "账户已注销",
    DISCHARGED = "200205" "已出院，不能充值",
    OTHER_PERSON = "200206" "与账户登记信息不一致",
    ORDER_REUSED = "200301" "订单号已用于不同内容的交易",
    NO_ORDER = "200302" "原充值订单不存在",
    OVER_REFUND = "200303" "退款金额超过可退金额",
    ORDER_NOT_SETTLED = "200304" "原充值订单未成功",
    BALANCE_TOO_LOW = "200305" "账户余额不足",
    NO_WRISTBAND = "200401" "腕带码不存在",
}
