import type { EventOf } from '../../../../events/event.ts';
import { asciiLower, wireText } from '../wire/text.ts';
import { protocolsIn, type ClientHello } from './client-hello.ts';
import { dataOf, extensionType } from './extensions.ts';
import { ja3, ja3s, ja4, type HelloTransport } from './fingerprints.ts';
import { cipherSuiteName, groupName, versionName } from './names.ts';
import type { ServerHello } from './server-hello.ts';

/** A host name in the form that all are compared in: lower case, without the final dot. */
function hostName(name: string): string {
  const lower = asciiLower(name);
  return lower.length > 1 && lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** What the client says: name and fingerprints. Those of a second hello, which a server may ask for, stand in `fields`. */
export function fillClientHello(event: EventOf<'tls'>, hello: ClientHello, transport: HelloTransport): void {
  if (hello.serverName !== undefined) event.tls_client_server_name = hostName(hello.serverName);
  if (event.tls_client_ja3 === null) {
    event.tls_client_ja3 = ja3(hello);
    event.tls_client_ja4 = ja4(hello, transport);
  } else event.fields = JSON.stringify({ second_hello: { ja3: ja3(hello), ja4: ja4(hello, transport) } });
}

/** What the server chose. */
export function fillServerHello(event: EventOf<'tls'>, hello: ServerHello): void {
  event.tls_version = versionName(hello.selectedVersion);
  event.tls_cipher = cipherSuiteName(hello.cipherSuite);
  if (hello.group !== undefined) event.tls_curve = groupName(hello.group);
  const [protocol] = protocolsIn(dataOf(hello.extensions, extensionType.alpn));
  if (protocol !== undefined) event.tls_next_protocol = wireText(protocol);
  event.tls_server_ja3s = ja3s(hello);
}

/** Whether a version is TLS 1.3 or one of its drafts. */
export function isTls13(version: number): boolean {
  return version === 0x0304 || version === 0xfefc || version >> 8 === 0x7f;
}
