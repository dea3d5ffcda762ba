import { defineCheck } from '../../check.ts';
import { cis, cwe } from '../_shared/references.ts';
import { runCommands, type RunCommand } from '../_shared/run-commands.ts';

export const check = defineCheck({
  id: 'unchecked-download',
  title: 'download that believes everybody',
  severity: 'medium',
  why: 'Without certificates and signatures anybody on the way hands out what he likes.',
  fix: 'take the option away, and give the certificate of your own authority to the build',
  vanishes: 'certificates and signatures were checked',
  references: [...cis('4.11'), ...cwe(295)],
  guide: ['C10', 'B26'],
  attack: ['T1557', 'T1195.002'],
  *build(build) {
    for (const command of runCommands(build)) {
      const option = carelessOption(command);
      if (option !== undefined) yield { at: command.instruction.at, what: `runs ${command.program} with ${option}` };
    }
  },
});

const careless: Readonly<Record<string, RegExp>> = {
  curl: /^(?:--insecure|-[a-zA-Z]*k[a-zA-Z]*)$/,
  wget: /^--no-check-certificate$/,
  'apt-get': /^(?:--allow-unauthenticated|--force-yes|--allow-insecure-repositories|AllowUnauthenticated=true)$/,
  apt: /^(?:--allow-unauthenticated|--force-yes)$/,
  apk: /^--allow-untrusted$/,
  yum: /^--nogpgcheck$/,
  dnf: /^--nogpgcheck$/,
  zypper: /^(?:--no-gpg-checks|--gpg-auto-import-keys)$/,
  pip: /^--trusted-host(?:=.*)?$/,
  pip3: /^--trusted-host(?:=.*)?$/,
  rpm: /^(?:--nosignature|--nodigest)$/,
};

function carelessOption({ program, words }: RunCommand): string | undefined {
  const form = careless[program];
  if (form !== undefined) return words.slice(1).find((word) => form.test(word));
  const text = words.join(' ');
  if (program === 'npm' && /strict-ssl[= ]false/.test(text)) return 'strict-ssl=false';
  return program === 'git' && /sslVerify[= ]false/i.test(text) ? 'sslVerify=false' : undefined;
}
