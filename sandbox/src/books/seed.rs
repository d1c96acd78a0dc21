//! The accounts that the sandbox starts with.

use super::account::{Account, AccountType, Card};
use crate::money::Fen;

/// Card type, card number, identity card, name, account type, status, yuan.
type Row = (&'static str, &'static str, &'static str, &'static str, AccountType, &'static str, &'static str);

const ROWS: &[Row] = &[
    ("03", "10001", "350626198510201017", "张三", AccountType::Outpatient, "01", "200.00"),
    ("03", "10002", "350102199003074518", "王小明", AccountType::Outpatient, "02", "50.00"),
    ("03", "10003", "350203197811155226", "陈静", AccountType::Outpatient, "03", "80.00"),
    ("03", "10004", "350402196502283311", "林国强", AccountType::Outpatient, "04", "0.00"),
    ("01", "A0000001", "350521200107120049", "黄丽", AccountType::Outpatient, "01", "0.00"),
    ("05", "Z20001", "350783195604016013", "李四", AccountType::Inpatient, "01", "3000.00"),
    ("05", "Z20002", "350981196909093427", "吴秀英", AccountType::Inpatient, "02", "1250.50"),
    ("05", "Z20003", "350322194812314515", "郑大海", AccountType::Inpatient, "03", "18.88"),
];

/// The sample accounts: open, lost, frozen, cancelled; in hospital, about to leave, discharged.
pub fn accounts() -> impl Iterator<Item = Account> {
    ROWS.iter().map(|(card_type, card_no, id_no, user_name, account_type, status, yuan)| Account {
        card: Card::new(card_type, card_no),
        id_no: (*id_no).to_owned(),
        user_name: (*user_name).to_owned(),
        account_type: *account_type,
        status: (*status).to_owned(),
        balance: Fen::of_yuan(yuan).unwrap_or_default(),
    })
}
