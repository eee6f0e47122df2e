/** Given names by the years in which they were common, and family names. */

type Era = readonly [until: number, women: string, men: string];

const eras: readonly Era[] = [
  [
    1949,
    'Inger Kirsten Karen Else Ruth Ellen Grethe Edith Lis Bodil Ingrid Aase Birthe Tove Gerda Ella Esther Jytte Lilly Gudrun Rigmor Asta Erna Agnes',
    'Jørgen Svend Knud Poul Erik Børge Kaj Aage Verner Ejner Ove Egon Gunnar Niels Hans Kurt Arne Henry Vagn Harald Viggo Frede Leif Bent',
  ],
  [
    1969,
    'Kirsten Hanne Lone Susanne Annette Bente Lene Jette Marianne Gitte Helle Inge Birgit Ulla Pia Connie Dorte Vibeke Jonna Anni Kim Charlotte Bettina Mona',
    'Peter Jens Lars Michael Henrik Søren Ole Finn Per Torben Flemming Steen Carsten Bjarne Preben Ib Keld Mogens Jan Claus John Allan Kenneth Frank',
  ],
  [
    1984,
    'Mette Camilla Louise Maria Anne Karina Rikke Tina Heidi Lotte Trine Sanne Malene Pernille Christina Ditte Signe Line Stine Katja Aysha Fatma Malgorzata Jeanette',
    'Thomas Martin Jesper Morten Anders Rasmus Brian Kasper Christian Jacob Ulrik Mads René Dennis Lasse Troels Bo Kristian Mehmet Hassan Tomasz Ronni Esben Simon',
  ],
  [
    2004,
    'Julie Cecilie Sofie Ida Emma Mathilde Laura Freja Sara Amalie Nanna Josefine Caroline Frederikke Maja Amina Zeynep Astrid Rebekka Kathrine Simone Tilde Line Zahra',
    'Mikkel Frederik Mathias Emil Oliver Nikolaj Magnus Jonas Tobias Sebastian Lukas Jeppe Andreas Malthe Yusuf Ali Villads Asger Christoffer Kevin Patrick Jonathan Silas Bilal',
  ],
  [
    2100,
    'Alma Ella Agnes Luna Nora Karla Olivia Liva Vigga Ellie Asta Clara Aya Mille Saga Lærke Esther Merle Naya Ines Filippa Sally Hannah Elif',
    'Oscar Noah Valdemar Viggo August Elliot Malthe Arthur Aksel Victor Theo Otto Storm Hugo Konrad Adam Felix Elias Nohr Bertram Johan Ibrahim Milas Alfred',
  ],
];

const given: readonly {until: number; female: readonly string[]; male: readonly string[]}[] = eras.map(
  ([until, women, men]) => ({until, female: women.split(' '), male: men.split(' ')}),
);

/** Given names of those born in a year. */
export const givenNames = (year: number, sex: 'female' | 'male'): readonly string[] =>
  (given.find((era) => year <= era.until) ?? given[0]!)[sex];

/** Family names; the common ones stand more than once. */
export const familyNames: readonly string[] = (
  'Nielsen Nielsen Jensen Jensen Hansen Hansen Andersen Pedersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen ' +
  'Kristensen Olsen Thomsen Christiansen Poulsen Johansen Møller Mortensen Knudsen Lund Holm Schmidt Eriksen Kjær Friis Vestergaard ' +
  'Bech Krogh Dahl Bruun Bang Lauridsen Toft Winther Ravn Skov Damgaard Nørgaard Overgaard Kirkegaard Bjerregaard Thygesen Mikkelsen ' +
  'Frandsen Laursen Brandt Juul Bundgaard Søgaard Lassen Iversen Steffensen Hedegaard Mølgaard Riis Balle Ottesen Kofoed Lindholm ' +
  'Agerskov Bjerg Enevoldsen Fabricius Gade Hallum Klitgaard Munk Norup Qvist Rosenkilde Stage Ussing Varnæs Skjern Korsgaard Yilmaz ' +
  'Hussain Ahmed Kowalski Nowak Demir Nguyen Mahmoud Hasanović Omar Celik'
).split(' ');

/** Middle names. */
export const middleNames: readonly string[] =
  'Marie Bo Lund Kjær Friis Holm Dahl Juul Skov Toft Bech Krogh Winther Bruun Stoltze Elkjær'.split(' ');
