/**
 * Names of the UUIDs in an envelope. The classifications are KOMBIT's; these are the values known from public examples
 * and integrations. A UUID that is not here is shown as it is. Maps, because a sender may write any word in its place, and
 * an object has `constructor` and the like.
 */

/** Message type of post statuses, `PKO_PostStatus`. */
export const postStatusType = 'd2bed63c-4853-4008-b6e0-a74c15b15fbf';

/** Beskedtype. */
export const messageTypes: ReadonlyMap<string, string> = new Map([
  [postStatusType, 'PKO_PostStatus'],
  ['248ce14c-a863-4fb5-9e6f-7df9ea850809', 'CPR Hændelse'],
  ['7654895c-a3f3-4c77-8afd-4c77330f963c', 'Test/TestbeskedType1'],
  ['832d0676-d0a0-4522-8f57-ac126dc8270e', 'Test/TestbeskedType2'],
  ['b677c97e-aa5e-430e-9f60-9bbbbdb4ea1b', 'Test/TestbeskedType3'],
]);

/** ObjektHandling on a person. */
export const personHandlings: ReadonlyMap<string, string> = new Map([
  ['1e5bb089-5445-44f8-9b65-bc854053f423', 'Fødsel'],
  ['298aa424-0a16-4a5a-956c-2bdab17fd11f', 'Dødsfald'],
]);

/** ObjektHandling on a message: the post status, in the payload's own words. */
export const postHandlings: ReadonlyMap<string, string> = new Map([
  ['f7161a89-5068-4023-bc80-d7f4daad2a2e', 'Afleveret Digital Post'],
  ['eb866ca2-b871-4387-b501-12cde577bd58', 'Modtaget Digital Post'],
  ['e225a75c-4b63-46c4-9423-77f5c8762445', 'Fejlet'],
  ['db5a6025-caa3-45c3-8e02-4e6fa8142ade', 'Afsendt'],
  ['dd98e71c-41ac-4305-a47b-8f86b00e639b', 'Modtaget Fjern-print'],
  ['e2b30d57-504a-4e2e-ae2d-a1394a9cb0b8', 'Klar'],
  ['e3c0a021-2070-40d4-b7b7-754aeba762e9', 'Afleveret til print og kuvertering'],
  ['e94a0a8b-60a0-42ad-8b83-52c9e15d0fb3', 'Modtaget Post Danmark'],
  ['f03904aa-df6e-417f-bd74-6a01a61adbcf', 'Tilbagekaldt'],
  ['f4e6eb11-0261-4198-8b5d-be92a9b1a35d', 'Opdatering fra Post Danmark'],
]);

/** How a letter goes. */
export type Channel = 'digital-post' | 'physical-post' | 'post';

/**
 * What a TransaktionsStatusKode means for the letter, and the channel where only one has it. "Tilbagekaldt" counts as
 * failed, because the citizen does not get the letter.
 */
export const postStatuses: ReadonlyMap<
  string,
  {readonly state: 'sent' | 'delivered' | 'failed' | 'unknown'; readonly channel?: Channel}
> = new Map([
  ['afleveret digital post', {state: 'delivered', channel: 'digital-post'}],
  ['modtaget digital post', {state: 'sent', channel: 'digital-post'}],
  ['fejlet', {state: 'failed'}],
  ['afsendt', {state: 'sent', channel: 'physical-post'}],
  ['modtaget fjern-print', {state: 'sent', channel: 'physical-post'}],
  ['klar', {state: 'sent', channel: 'physical-post'}],
  ['afleveret til print og kuvertering', {state: 'sent', channel: 'physical-post'}],
  ['modtaget post danmark', {state: 'sent', channel: 'physical-post'}],
  ['tilbagekaldt', {state: 'failed', channel: 'physical-post'}],
  ['opdatering fra post danmark', {state: 'unknown', channel: 'physical-post'}],
]);
