import type { BerNode } from '../../wire/ber.ts';

/** Tags of the messages between clients and the key distribution centre (RFC 4120, 5.4 and 5.9). */
export const messageTag = { asRequest: 0x6a, asReply: 0x6b, tgsRequest: 0x6c, tgsReply: 0x6d, error: 0x7e } as const;

/** What one exchange is about, under Zeek's names. */
export interface Ticket {
  readonly request_type?: 'AS' | 'TGS';
  readonly client?: string;
  readonly service?: string;
  readonly success?: boolean;
  readonly error_msg?: string;
  readonly error_code?: number;
  readonly from?: string;
  readonly till?: string;
  readonly cipher?: string;
  readonly forwardable?: boolean;
  readonly renewable?: boolean;
}

/** KDC-REQ: options, names, until when. Undefined when it is damaged. */
export function describeRequest(message: BerNode): Ticket | undefined {
  const body = message.at(0)?.context(4);
  if (body === undefined) return undefined;
  const realm = body.context(2)?.text;
  const options = body.context(0)?.content ?? new Uint8Array(0);
  const isFirst = message.tag === messageTag.asRequest;
  const client = principal(body.context(1), realm) ?? (isFirst ? `/${realm ?? ''}` : undefined);
  const service = principal(body.context(3));
  const from = body.context(4)?.text;
  const till = body.context(5)?.text;
  return {
    request_type: isFirst ? 'AS' : 'TGS',
    ...(client === undefined ? {} : { client }),
    ...(service === undefined ? {} : { service }),
    ...(from === undefined ? {} : { from }),
    ...(till === undefined ? {} : { till }),
    // KDCOptions: a bit string behind the count of its unused bits.
    forwardable: ((options[1] ?? 0) & 0x40) !== 0,
    renewable: ((options[2] ?? 0) & 0x80) !== 0,
  };
}

/** KDC-REP: who got a ticket for what, and its cipher. */
export function describeReply(message: BerNode): Ticket | undefined {
  const reply = message.at(0);
  const ticket = reply?.context(5)?.at(0);
  if (reply === undefined || ticket === undefined) return undefined;
  const client = principal(reply.context(4), reply.context(3)?.text);
  const service = principal(ticket.context(2));
  const cipher = ticket.context(3)?.context(0)?.number;
  return {
    request_type: message.tag === messageTag.asReply ? 'AS' : 'TGS',
    success: true,
    ...(client === undefined ? {} : { client }),
    ...(service === undefined ? {} : { service }),
    ...(cipher === undefined ? {} : { cipher: ciphers[cipher] ?? `unknown-${cipher}` }),
  };
}

/** What servers say when they want to see the password first: no error, the client goes on. */
const invitations: ReadonlySet<string> = new Set(['NEEDED_PREAUTH', 'Need to use PA-ENC-TIMESTAMP/PA-PK-AS-REQ']);

/** Whether an answer is no outcome yet; Zeek has no record of it either. */
export function isInvitation({ success, error_msg: text }: Ticket): boolean {
  return success === false && text !== undefined && invitations.has(text);
}

/** KRB-ERROR: why there is no ticket, in the words of the server where it has any. */
export function describeError(message: BerNode): Ticket | undefined {
  const error = message.at(0);
  const code = error?.context(6)?.number;
  if (error === undefined || code === undefined) return undefined;
  const service = principal(error.context(10));
  const client = principal(error.context(8), error.context(7)?.text);
  const text = error.context(11)?.text;
  return {
    success: false,
    error_msg: text === undefined || text === '' ? (errors[code] ?? `unknown-${code}`) : text,
    error_code: code,
    ...(client === undefined ? {} : { client }),
    ...(service === undefined ? {} : { service }),
  };
}

/** Parts of a PrincipalName, and for clients the realm: `user/REALM`, `krbtgt/REALM`. */
function principal(name: BerNode | undefined, realm?: string): string | undefined {
  const parts = name?.context(1)?.children.map(({ text }) => text);
  return parts === undefined ? undefined : [...parts, ...(realm === undefined ? [] : [realm])].join('/');
}

const ciphers: Readonly<Record<number, string>> = {
  1: 'des-cbc-crc',
  2: 'des-cbc-md4',
  3: 'des-cbc-md5',
  5: 'des3-cbc-md5',
  7: 'des3-cbc-sha1',
  16: 'des3-cbc-sha1-kd',
  17: 'aes128-cts-hmac-sha1-96',
  18: 'aes256-cts-hmac-sha1-96',
  19: 'aes128-cts-hmac-sha256-128',
  20: 'aes256-cts-hmac-sha384-192',
  23: 'rc4-hmac',
  24: 'rc4-hmac-exp',
  25: 'camellia128-cts-cmac',
  26: 'camellia256-cts-cmac',
};

/** Error codes (RFC 4120, 7.5.9, and 4556, 3.1.3). */
const errors: Readonly<Record<number, string>> = {
  0: 'KDC_ERR_NONE',
  1: 'KDC_ERR_NAME_EXP',
  2: 'KDC_ERR_SERVICE_EXP',
  3: 'KDC_ERR_BAD_PVNO',
  4: 'KDC_ERR_C_OLD_MAST_KVNO',
  5: 'KDC_ERR_S_OLD_MAST_KVNO',
  6: 'KDC_ERR_C_PRINCIPAL_UNKNOWN',
  7: 'KDC_ERR_S_PRINCIPAL_UNKNOWN',
  8: 'KDC_ERR_PRINCIPAL_NOT_UNIQUE',
  9: 'KDC_ERR_NULL_KEY',
  10: 'KDC_ERR_CANNOT_POSTDATE',
  11: 'KDC_ERR_NEVER_VALID',
  12: 'KDC_ERR_POLICY',
  13: 'KDC_ERR_BADOPTION',
  14: 'KDC_ERR_ETYPE_NOSUPP',
  15: 'KDC_ERR_SUMTYPE_NOSUPP',
  16: 'KDC_ERR_PADATA_TYPE_NOSUPP',
  17: 'KDC_ERR_TRTYPE_NOSUPP',
  18: 'KDC_ERR_CLIENT_REVOKED',
  19: 'KDC_ERR_SERVICE_REVOKED',
  20: 'KDC_ERR_TGT_REVOKED',
  21: 'KDC_ERR_CLIENT_NOTYET',
  22: 'KDC_ERR_SERVICE_NOTYET',
  23: 'KDC_ERR_KEY_EXPIRED',
  24: 'KDC_ERR_PREAUTH_FAILED',
  25: 'KDC_ERR_PREAUTH_REQUIRED',
  26: 'KDC_ERR_SERVER_NOMATCH',
  27: 'KDC_ERR_MUST_USE_USER2USER',
  28: 'KDC_ERR_PATH_NOT_ACCEPTED',
  29: 'KDC_ERR_SVC_UNAVAILABLE',
  31: 'KRB_AP_ERR_BAD_INTEGRITY',
  32: 'KRB_AP_ERR_TKT_EXPIRED',
  33: 'KRB_AP_ERR_TKT_NYV',
  34: 'KRB_AP_ERR_REPEAT',
  35: 'KRB_AP_ERR_NOT_US',
  36: 'KRB_AP_ERR_BADMATCH',
  37: 'KRB_AP_ERR_SKEW',
  38: 'KRB_AP_ERR_BADADDR',
  39: 'KRB_AP_ERR_BADVERSION',
  40: 'KRB_AP_ERR_MSG_TYPE',
  41: 'KRB_AP_ERR_MODIFIED',
  42: 'KRB_AP_ERR_BADORDER',
  44: 'KRB_AP_ERR_BADKEYVER',
  45: 'KRB_AP_ERR_NOKEY',
  46: 'KRB_AP_ERR_MUT_FAIL',
  47: 'KRB_AP_ERR_BADDIRECTION',
  48: 'KRB_AP_ERR_METHOD',
  49: 'KRB_AP_ERR_BADSEQ',
  50: 'KRB_AP_ERR_INAPP_CKSUM',
  51: 'KRB_AP_PATH_NOT_ACCEPTED',
  52: 'KRB_ERR_RESPONSE_TOO_BIG',
  60: 'KRB_ERR_GENERIC',
  61: 'KRB_ERR_FIELD_TOOLONG',
  62: 'KDC_ERROR_CLIENT_NOT_TRUSTED',
  63: 'KDC_ERROR_KDC_NOT_TRUSTED',
  64: 'KDC_ERROR_INVALID_SIG',
  65: 'KDC_ERR_KEY_TOO_WEAK',
  66: 'KDC_ERR_CERTIFICATE_MISMATCH',
  67: 'KRB_AP_ERR_NO_TGT',
  68: 'KDC_ERR_WRONG_REALM',
  69: 'KRB_AP_ERR_USER_TO_USER_REQUIRED',
  70: 'KDC_ERR_CANT_VERIFY_CERTIFICATE',
  71: 'KDC_ERR_INVALID_CERTIFICATE',
  72: 'KDC_ERR_REVOKED_CERTIFICATE',
  73: 'KDC_ERR_REVOCATION_STATUS_UNKNOWN',
  74: 'KDC_ERR_REVOCATION_STATUS_UNAVAILABLE',
  75: 'KDC_ERR_CLIENT_NAME_MISMATCH',
  76: 'KDC_ERR_KDC_NAME_MISMATCH',
};
