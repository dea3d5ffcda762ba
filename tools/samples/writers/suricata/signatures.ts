import type { Flow, HttpExchange } from '../../model/network.ts';
import { isInside } from '../../world/hosts.ts';

/** A rule of the Emerging Threats open set that spoke on the day, with what it looks for in our terms. */
export interface Signature {
  readonly id: number;
  readonly revision: number;
  readonly name: string;
  readonly category: string;
  readonly severity: 1 | 2 | 3;
  readonly matchesHttp?: (exchange: HttpExchange) => boolean;
  readonly matchesFlow?: (flow: Flow) => boolean;
}

function isOutbound(flow: Flow): boolean {
  return isInside(flow.client.ip) && !isInside(flow.server.ip);
}

export const signatures: readonly Signature[] = [
  {
    id: 2013504,
    revision: 6,
    name: 'ET INFO GNU/Linux APT User-Agent Outbound likely related to package management',
    category: 'Not Suspicious Traffic',
    severity: 3,
    matchesHttp: (exchange) => exchange.depth === 1 && exchange.userAgent.startsWith('Debian APT'),
  },
  {
    id: 2016149,
    revision: 2,
    name: 'ET INFO Session Traversal Utilities for NAT (STUN Binding Request)',
    category: 'Attempted User Privilege Gain',
    severity: 1,
    matchesFlow: (flow) => flow.transport === 'udp' && flow.server.port === 3478,
  },
  {
    id: 2029054,
    revision: 2,
    name: 'ET SCAN Zmap User-Agent (Inbound)',
    category: 'Detection of a Network Scan',
    severity: 3,
    matchesHttp: (exchange) => exchange.userAgent.includes('zgrab/0.x'),
  },
  {
    id: 2034659,
    revision: 2,
    name: 'ET EXPLOIT Apache log4j RCE Attempt - lower/upper TCP Bypass M1 (CVE-2021-44228)',
    category: 'Attempted Administrator Privilege Gain',
    severity: 1,
    matchesHttp: (exchange) => exchange.userAgent.includes('${lower:'),
  },
  {
    id: 2019401,
    revision: 39,
    name: 'ET POLICY Vulnerable Java Version 1.8.x Detected',
    category: 'Potentially Bad Traffic',
    severity: 2,
    matchesHttp: (exchange) => isOutbound(exchange.flow) && exchange.userAgent.startsWith('Java/1.8.'),
  },
  {
    id: 2013028,
    revision: 7,
    name: 'ET POLICY curl User-Agent Outbound',
    category: 'Attempted Information Leak',
    severity: 2,
    matchesHttp: (exchange) => isOutbound(exchange.flow) && exchange.userAgent.startsWith('curl/'),
  },
];
