// Written by `npm run gen` from what stands beside this file. Do not edit.
import { cataloger as apkEntry } from './apk/index.ts';
import { cataloger as bitnamiEntry } from './bitnami/index.ts';
import { cataloger as bottlerocketEntry } from './bottlerocket/index.ts';
import { cataloger as chiselEntry } from './chisel/index.ts';
import { cataloger as cocoapodsEntry } from './cocoapods/index.ts';
import { cataloger as conanEntry } from './conan/index.ts';
import { cataloger as condaEntry } from './conda/index.ts';
import { cataloger as dotnetEntry } from './dotnet/index.ts';
import { cataloger as dotnetBundleEntry } from './dotnet-bundle/index.ts';
import { cataloger as dpkgEntry } from './dpkg/index.ts';
import { cataloger as embeddedSbomEntry } from './embedded-sbom/index.ts';
import { cataloger as githubActionsEntry } from './github-actions/index.ts';
import { cataloger as goBinaryEntry } from './go-binary/index.ts';
import { cataloger as goModuleEntry } from './go-module/index.ts';
import { cataloger as haskellEntry } from './haskell/index.ts';
import { cataloger as hexEntry } from './hex/index.ts';
import { cataloger as homebrewEntry } from './homebrew/index.ts';
import { cataloger as javaEntry } from './java/index.ts';
import { cataloger as javaBuildEntry } from './java-build/index.ts';
import { cataloger as juliaEntry } from './julia/index.ts';
import { cataloger as linuxKernelEntry } from './linux-kernel/index.ts';
import { cataloger as luaEntry } from './lua/index.ts';
import { cataloger as nixEntry } from './nix/index.ts';
import { cataloger as nodeEntry } from './node/index.ts';
import { cataloger as nodeLockEntry } from './node-lock/index.ts';
import { cataloger as ocamlEntry } from './ocaml/index.ts';
import { cataloger as opkgEntry } from './opkg/index.ts';
import { cataloger as otpEntry } from './otp/index.ts';
import { cataloger as pacmanEntry } from './pacman/index.ts';
import { cataloger as phpEntry } from './php/index.ts';
import { cataloger as portageEntry } from './portage/index.ts';
import { cataloger as programsEntry } from './programs/index.ts';
import { cataloger as pubEntry } from './pub/index.ts';
import { cataloger as pythonEntry } from './python/index.ts';
import { cataloger as pythonLockEntry } from './python-lock/index.ts';
import { cataloger as rEntry } from './r/index.ts';
import { cataloger as rpmEntry } from './rpm/index.ts';
import { cataloger as rubyEntry } from './ruby/index.ts';
import { cataloger as rustBinaryEntry } from './rust-binary/index.ts';
import { cataloger as rustLockEntry } from './rust-lock/index.ts';
import { cataloger as snapEntry } from './snap/index.ts';
import { cataloger as swiftEntry } from './swift/index.ts';
import { cataloger as terraformEntry } from './terraform/index.ts';
import { cataloger as vscodeEntry } from './vscode/index.ts';
import { cataloger as windowsProgramEntry } from './windows-program/index.ts';
import { cataloger as wordpressEntry } from './wordpress/index.ts';
import type { Cataloger } from '../cataloger.ts';

export const catalogers = {
  'apk': apkEntry,
  'bitnami': bitnamiEntry,
  'bottlerocket': bottlerocketEntry,
  'chisel': chiselEntry,
  'cocoapods': cocoapodsEntry,
  'conan': conanEntry,
  'conda': condaEntry,
  'dotnet': dotnetEntry,
  'dotnet-bundle': dotnetBundleEntry,
  'dpkg': dpkgEntry,
  'embedded-sbom': embeddedSbomEntry,
  'github-actions': githubActionsEntry,
  'go-binary': goBinaryEntry,
  'go-module': goModuleEntry,
  'haskell': haskellEntry,
  'hex': hexEntry,
  'homebrew': homebrewEntry,
  'java': javaEntry,
  'java-build': javaBuildEntry,
  'julia': juliaEntry,
  'linux-kernel': linuxKernelEntry,
  'lua': luaEntry,
  'nix': nixEntry,
  'node': nodeEntry,
  'node-lock': nodeLockEntry,
  'ocaml': ocamlEntry,
  'opkg': opkgEntry,
  'otp': otpEntry,
  'pacman': pacmanEntry,
  'php': phpEntry,
  'portage': portageEntry,
  'programs': programsEntry,
  'pub': pubEntry,
  'python': pythonEntry,
  'python-lock': pythonLockEntry,
  'r': rEntry,
  'rpm': rpmEntry,
  'ruby': rubyEntry,
  'rust-binary': rustBinaryEntry,
  'rust-lock': rustLockEntry,
  'snap': snapEntry,
  'swift': swiftEntry,
  'terraform': terraformEntry,
  'vscode': vscodeEntry,
  'windows-program': windowsProgramEntry,
  'wordpress': wordpressEntry,
} as const;
export type CatalogerId = keyof typeof catalogers;

// Each name is the id, and each entry fits the contract of its family.
catalogers satisfies { readonly [Id in CatalogerId]: Cataloger<Id> };
