/* The document's charge example: the texts that both sides work on. */
#ifndef BENCH_CHARGE_H
#define BENCH_CHARGE_H

#define APP_ID "1A3VL0KVK0000B020A0A0000CC3F48AD"
#define APP_SECRET "1A3VL0KVE0010B010A0A0000277BDC91"
#define IDENTITY "\"appId\":\"" APP_ID "\",\"appSecret\":\"" APP_SECRET "\""
#define MESSAGE_KEY "6D2D754B808E6B94"
#define AES_IV "0102030405060708"

#define CHARGE_TYPE "op.trade.charge"
#define CHARGE_TIME "20161226093149"

/* What is encrypted: the param as compact JSON. */
#define CHARGE_PARAM \
    "{\"channel\":\"WX_QR\",\"chargeAmt\":1,\"chargeGoodsDetail\":[{\"chargeAmt\":1,\"goodsInfo\":\"明细信息\"," \
    "\"goodsName\":\"明细标题\",\"orgPrice\":1,\"price\":1,\"quantity\":\"1\",\"remark\":\"备注\"}],\"extra\":{}," \
    "\"outChargeNo\":\"OC12260001\",\"outChargeTime\":\"20161226093148\"," \
    "\"returnUrl\":\"http://120.42.37.94:1301/onepay-test-web/returnUrl\",\"showUrl\":\"http://www.ylzinfo.com\"," \
    "\"subject\":\"易惠-支付\"}"

/* What is signed of it: every scalar quoted. */
#define CHARGE_SIGNED_PARAM \
    "{\"channel\":\"WX_QR\",\"chargeAmt\":\"1\",\"chargeGoodsDetail\":[{\"chargeAmt\":\"1\"," \
    "\"goodsInfo\":\"明细信息\",\"goodsName\":\"明细标题\",\"orgPrice\":\"1\",\"price\":\"1\",\"quantity\":\"1\"," \
    "\"remark\":\"备注\"}],\"extra\":{},\"outChargeNo\":\"OC12260001\",\"outChargeTime\":\"20161226093148\"," \
    "\"returnUrl\":\"http://120.42.37.94:1301/onepay-test-web/returnUrl\",\"showUrl\":\"http://www.ylzinfo.com\"," \
    "\"subject\":\"易惠-支付\"}"

/* The signing text of the sealed charge; the library adds the protocol version to what the document prints. */
#define CHARGE_SIGNING_TEXT \
    "appId=" APP_ID "&encryptType=AES&param=" CHARGE_SIGNED_PARAM "&signType=MD5&timestamp=" CHARGE_TIME \
    "&transType=" CHARGE_TYPE "&version=H.F.0.1&key=" APP_SECRET

/* The charge as the document prints it, without a version, and the sign that it prints. */
#define CHARGE_PRINTED \
    "{\"appId\":\"" APP_ID "\",\"encryptType\":\"AES\",\"param\":" CHARGE_PARAM ",\"signType\":\"MD5\"," \
    "\"timestamp\":\"" CHARGE_TIME "\",\"transType\":\"" CHARGE_TYPE "\"}"
#define CHARGE_PRINTED_SIGN "FA57D29EBC64622116F5B9272AB407AF"

/* The document's answer to it. */
#define ANSWER_DATA \
    "0FE9C0E3DA4A94F7014DBA93C34D48123FDDCA34998537D8F12883A9C92D5CC608955AB6E7815BBABC711363373684A75CB30986C263957" \
    "1FA46A715C86025C7EA1B10ED135AADEFCD007B7EAE65BC402C19EC50CC4ABF9A7C6972F25AB773F4111312C183ACFF6163728B5AA6AE56" \
    "663FCEE0F6A98AC1AC899608D3BC33E5C67116EA21A53450CD9C8229FE555F045A6C6944B8A3338EFC1B6FD9FCECF5F2B5"
#define ANSWER_SIGN "17122A2041288920CA16A62752FB38CB"
#define ANSWER_MESSAGE \
    "{\"encryptData\":\"" ANSWER_DATA "\",\"encryptType\":\"AES\",\"respCode\":\"000000\"," \
    "\"respMsg\":\"处理成功\",\"sign\":\"" ANSWER_SIGN "\",\"signType\":\"MD5\",\"timestamp\":\"20161226093147927\"}"
#define ANSWER_SIGNING_TEXT \
    "encryptType=AES&param={\"channel\":\"WX_QR\",\"chargeNo\":\"201612260931476856\",\"chargeStatus\":\"1\"," \
    "\"outChargeNo\":\"OC12260001\",\"qrcode\":\"weixin://wxpay/bizpayurl?pr=75gzLi6\"}&respCode=000000" \
    "&respMsg=处理成功&signType=MD5&timestamp=20161226093147927&key=" APP_SECRET

#endif
