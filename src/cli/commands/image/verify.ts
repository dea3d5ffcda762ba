import type { Subcommand } from '../../command.ts';
import { addRegistryOptions, collect } from './image-options.ts';
import type { VerifyOptions } from './verify-signatures.ts';

const examples = `Examples:
  vakthund image verify oci:./app --key cosign.pub
  vakthund image verify oci:./app --trusted-root trusted_root.json --identity '.*@example[.]org' --issuer https://accounts.example
  vakthund image verify oci:./app --trust-policy trustpolicy.json --trust-store ~/.config/notation/truststore
  vakthund image verify --bundle app.sigstore.json --artifact app.tar.gz --key cosign.pub
`;

export const verify: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('verify')
      .summary('judge who signed an image or artifact, with each check and its result; asks nobody but the registry')
      .addHelpText('before', examples)
      .argument('[image]', 'OCI layout (folder or tar), name in a registry, or folder of skopeo copy … dir:')
      .option('--key <file>', 'public key of a signer (repeatable)', collect, [])
      .option('--trusted-root <file>', "Sigstore's trusted_root.json; with --content-trust, an earlier root.json")
      .option('--identity <pattern>', 'who must have signed without a key: RE2 pattern on the whole name')
      .option('--issuer <url>', 'who must have vouched for that name')
      .option('--log-key <file>', 'public key of a transparency log, besides the root (repeatable)', collect, [])
      .option('--tuf-root <file>', 'root.json of a TUF repository that trusted_root.json is taken from')
      .option('--tuf-mirror <folder>', 'copy of that repository')
      .option('--repository <name>', 'what it must have been signed for: registry.example/team/app')
      .option('--annotation <name=value>', 'what must have been signed beside it (repeatable)', collect, [])
      .option('--attestation <type>', 'type of attestation that counts as a signature (repeatable)', collect, [])
      .option('--trust-policy <file>', "Notation's trust policy")
      .option('--trust-store <folder>', "Notation's trust store: x509/ca/NAME/*.crt")
      .option('--crl <file>', 'certificate revocation list or delta, PEM or DER (repeatable)', collect, [])
      .option('--ocsp <file>', 'response of OCSP, DER (repeatable)', collect, [])
      .option('--content-trust <folder>', 'metadata of Docker Content Trust: ~/.docker/trust/tuf/NAME')
      .option('--root-certificate <file>', 'certificate of a root key of content trust (repeatable)', collect, [])
      .option('--bundle <file>', 'Sigstore bundle of an artifact, in place of an image')
      .option('--artifact <file>', 'what the bundle is about')
      .option('--digest <digest>', 'sha256:… of what the bundle or the content trust is about')
      .option('--tag <tag>', 'tag that content trust must have signed')
      .option('--at <time>', 'judge expiry as of this time: 2026-03-10, 2026-03-10T12:00:00Z, 7d')
      .option('--scheme <id>', 'this scheme alone: cosign, notary, notation, sigstore');
    addRegistryOptions(command).action((image: string | undefined, options: VerifyOptions) =>
      run(async (terminal) => (await import('./verify-signatures.ts')).verifyImage(image, options, terminal)),
    );
  },
};
