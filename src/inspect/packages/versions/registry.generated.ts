// Written by `npm run gen` from what stands beside this file. Do not edit.
import { order as apkEntry } from './apk/index.ts';
import { order as cranEntry } from './cran/index.ts';
import { order as debEntry } from './deb/index.ts';
import { order as gemEntry } from './gem/index.ts';
import { order as goEntry } from './go/index.ts';
import { order as hackageEntry } from './hackage/index.ts';
import { order as mavenEntry } from './maven/index.ts';
import { order as nugetEntry } from './nuget/index.ts';
import { order as packagistEntry } from './packagist/index.ts';
import { order as pep440Entry } from './pep440/index.ts';
import { order as pubEntry } from './pub/index.ts';
import { order as rpmEntry } from './rpm/index.ts';
import { order as semverEntry } from './semver/index.ts';
import type { VersionOrder } from '../version-order.ts';

export const versionOrders = {
  'apk': apkEntry,
  'cran': cranEntry,
  'deb': debEntry,
  'gem': gemEntry,
  'go': goEntry,
  'hackage': hackageEntry,
  'maven': mavenEntry,
  'nuget': nugetEntry,
  'packagist': packagistEntry,
  'pep440': pep440Entry,
  'pub': pubEntry,
  'rpm': rpmEntry,
  'semver': semverEntry,
} as const;
export type VersionOrderId = keyof typeof versionOrders;

// Each name is the id, and each entry fits the contract of its family.
versionOrders satisfies { readonly [Id in VersionOrderId]: VersionOrder<Id> };
