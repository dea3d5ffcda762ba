import { asObject, fromBase64, readJsonObject } from '../_checks/json.ts';
import { listOf, textOf } from '../../json.ts';
import { headers, isAlgorithm, payloadType, readChain, readHeaders, type Envelope } from './envelope.ts';

/** Headers of JWS itself that may stand in the protected part (RFC 7515). */
const critical = 'crit';

/** An envelope in JWS JSON serialization (Notary Project, signature-envelope-jws.md); a text says what is wrong. */
export function readJws(bytes: Buffer): Envelope | string {
  const json = readJsonObject(bytes);
  if (json === undefined) return 'the envelope is no JSON object';
  const [payloadText, protectedText] = [textOf(json['payload']) ?? '', textOf(json['protected']) ?? ''];
  const [payload, protectedBytes, signature] = [payloadText, protectedText, textOf(json['signature']) ?? ''].map(
    (text) => fromBase64(text, 'url'),
  );
  const signed = protectedBytes === undefined ? undefined : readJsonObject(protectedBytes);
  if (payload === undefined || signature === undefined || signed === undefined) {
    return 'payload, protected header or signature is missing or malformed';
  }
  const algorithm = signed['alg'];
  if (!isAlgorithm(algorithm)) return `the algorithm ${JSON.stringify(algorithm)} is not allowed`;
  if (signed['cty'] !== payloadType) return `the payload is ${JSON.stringify(signed['cty'])}`;
  const read = readHeaders((name) => signed[name], listOf(signed[critical]));
  if (typeof read === 'string') return read;
  const unsigned = asObject(json['header']) ?? {};
  const chain = readChain(listOf(unsigned['x5c']).map((text) => fromBase64(textOf(text) ?? ' ')));
  if (typeof chain === 'string') return chain;
  const stamp = textOf(unsigned[headers.timestamp]);
  const timestamp = stamp === undefined ? undefined : (fromBase64(stamp) ?? Buffer.alloc(0));
  return {
    form: 'JWS',
    algorithm,
    signedBytes: Buffer.from(`${protectedText}.${payloadText}`),
    signature,
    payload,
    ...read,
    chain,
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}
