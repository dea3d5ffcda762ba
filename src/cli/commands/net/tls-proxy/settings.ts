import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { VakthundError } from '../../../../base/errors.ts';
import { parseCidr, parseIp, type IpRange } from '../../../../base/ip.ts';
import { httpConnect } from '../../../../collect/tls-proxy/fronts/http-connect.ts';
import { socks5 } from '../../../../collect/tls-proxy/fronts/socks5.ts';
import { transparent } from '../../../../collect/tls-proxy/fronts/transparent.ts';
import type { ProxyListener } from '../../../../collect/tls-proxy/proxy-options.ts';
import { ProxyRules } from '../../../../collect/tls-proxy/rules.ts';
import { numberOf } from '../../../number-option.ts';
import { isLoopback, parseListenAddress, type ListenAddress } from '../../../listen-address.ts';
import type { TlsProxyOptions } from './options.ts';

const maxTextBytes = 64 * 1024 * 1024;

/** The listeners that were asked for, at least one. Beyond loopback only with networks that may use them. */
export function listenersOf(options: TlsProxyOptions): ProxyListener[] {
  const asked = [
    ['--connect', options.connect, httpConnect],
    ['--socks', options.socks, socks5],
    [
      '--transparent',
      options.transparent,
      transparent(numberOf('--transparent-port', options.transparentPort, 1, 65_535)),
    ],
  ] as const;
  const listeners = asked.flatMap(([option, texts, front]) =>
    texts.map((text) => ({ front, ...listenAddressOf(option, text, options.allowFrom) })),
  );
  if (listeners.length > 0) return listeners;
  throw new VakthundError('USAGE', 'there is nothing to listen on', { hint: '--connect 127.0.0.1:8080' });
}

function listenAddressOf(option: string, text: string, allowFrom: readonly string[]): ListenAddress {
  const address = parseListenAddress(option, text);
  if (isLoopback(address) || allowFrom.length > 0) return address;
  throw new VakthundError('USAGE', `${option} ${text} needs --allow-from: everybody could send traffic through it`, {
    hint: '--allow-from 10.0.0.0/24',
  });
}

/**
 * This machine and the networks that were named. What a firewall of this machine turns to the proxy comes from the address of the interface
 * that it would have left by.
 */
export function clientFilter(networks: readonly string[]): (address: string) => boolean {
  const ranges: readonly IpRange[] = ['127.0.0.0/8', '::1', ...networks].map((text) => {
    const range = parseCidr(text);
    if (range === undefined) throw new VakthundError('USAGE', `--allow-from: "${text}" is no network`);
    return range;
  });
  return (address) => {
    const ip = parseIp(address);
    if (ip === undefined) return false;
    return ranges.some(({ first, last }) => first <= ip && ip <= last) || isOwnAddress(ip);
  };
}

/** Asked anew each time: interfaces come and go. */
function isOwnAddress(ip: bigint): boolean {
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => parseIp(address) === ip));
}

export function rulesOf(path: string | undefined): ProxyRules {
  return path === undefined ? ProxyRules.parse('', '') : ProxyRules.parse(textOf(path), path);
}

/** The roots that Node knows, those of the system, and those of a file. */
export function rootsOf(path: string | undefined): SecureContext {
  const own = path === undefined ? [] : certificatesIn(textOf(path), path);
  return createSecureContext({
    ca: [...new Set([...getCACertificates('default'), ...getCACertificates('system'), ...own])],
  });
}

function certificatesIn(text: string, path: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new Error('no certificate in PEM');
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (cause) {
    throw new VakthundError('CONFIG', 'the certificates cannot be read', { at: { path }, cause });
  }
}

function textOf(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new VakthundError('NOT_FOUND', `"${path}" cannot be read`, { cause });
  }
  if (text.length > maxTextBytes) throw new VakthundError('CONFIG', `"${path}" is larger than ${maxTextBytes} bytes`);
  return text;
}
