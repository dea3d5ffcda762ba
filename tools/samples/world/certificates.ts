import { digest, numberOf } from '../base/ids.ts';
import { dayStart } from '../base/clock.ts';

/** A server certificate, as far as the sensors write it down. Times are microseconds. */
export interface Certificate {
  readonly names: readonly string[];
  /** RFC 4514 order, as Zeek writes it. */
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly sha256: string;
  readonly sha1: string;
  readonly isSelfSigned: boolean;
}

const microsPerDay = 86_400_000_000;

/** The certificate of a name: valid for ninety days, issued at a time that belongs to the name. */
export function certificateOf(name: string): Certificate {
  const age = 5 + numberOf(`age ${name}`, 60);
  const wildcard = name.split('.').length > 2 ? `*.${name.split('.').slice(1).join('.')}` : name;
  return build([name, wildcard], `CN=${name}`, 'CN=Trustlake TLS E5,O=Trustlake,C=NO', age, 90);
}

/** What a printer makes for itself in the factory. */
export function selfSignedCertificate(name: string): Certificate {
  const subject = `CN=${name},O=Inkline Devices,C=NO`;
  return build([name], subject, subject, 900, 3650);
}

function build(names: string[], subject: string, issuer: string, ageDays: number, lifeDays: number): Certificate {
  const notBefore = dayStart - ageDays * microsPerDay + numberOf(`second ${subject}`, 86_400) * 1_000_000;
  const key = `${subject} ${notBefore}`;
  return {
    names,
    subject,
    issuer,
    serial: `0${digest('sha256', `serial ${key}`).slice(0, 31).toUpperCase()}`,
    notBefore,
    notAfter: notBefore + lifeDays * microsPerDay - 1_000_000,
    sha256: digest('sha256', `certificate ${key}`),
    sha1: digest('sha1', `certificate ${key}`),
    isSelfSigned: subject === issuer,
  };
}
