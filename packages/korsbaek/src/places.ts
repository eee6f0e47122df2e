/** Korsbæk's streets, villages and postal districts. None of them is a real address. */

/** A postal district with its streets. */
export interface District {
  readonly post: string;
  readonly streets: readonly string[];
}

/** The districts of Korsbæk municipality. */
export const districts: readonly District[] = [
  {
    post: '4978 Korsbæk',
    streets: (
      'Algade,Banktorvet,Brogårdsstræde,Dyrehandlerens Plads,Frihavnsgade,Garverstræde,Grisetorvet,Hotelgade,Jernbanealléen,Klosterstræde,' +
      'Korsbæk Hovedgade,Kvægtorvet,Lille Torv,Manufakturvej,Mølleåstien,Ny Bankgade,Postmestervej,Rådhuspladsen,Sankt Bendts Gade,' +
      'Stationsvej,Svinget,Teglværksgade,Vandtårnsvej,Vestre Boulevard,Ølbryggerstien'
    ).split(','),
  },
  {
    post: '4979 Korsbæk Ø',
    streets:
      'Bøgehegnet,Engparken,Fælledparken,Gartnerlunden,Kildebakken,Lærkehaven,Nordre Ringgade,Pilevangen,Rolighedsparken,Østbanevej'.split(
        ',',
      ),
  },
  {
    post: '4981 Ravnsø',
    streets: 'Bygaden,Gadekærsvej,Kirkestræde Ravnsø,Mejerigyden,Ravnsøvej,Skolebakken,Sønder Mark,Thinggårdsvej'.split(
      ',',
    ),
  },
  {
    post: '4986 Fjordby',
    streets:
      'Bådebyggerstien,Fiskertorvet,Fjordbyvej,Færgegade,Havnepladsen,Nordstranden,Rebslagervej,Strandløkken'.split(
        ',',
      ),
  },
];

/** Places that people move to and from. */
export const otherMunicipalities: readonly string[] = [
  'Guldborgsund',
  'Lolland',
  'Vordingborg',
  'Næstved',
  'Slagelse',
  'Odense',
  'København',
  'Faxe',
];

/** Companies in and near Korsbæk, for trainee posts and jobs. */
export const companies: readonly string[] = [
  'Korsbæk Byggemarked',
  'Fjordby Rederi',
  'Hotel Postgården',
  'Ravnsø Maskinstation',
  'Brugsen i Korsbæk',
  'Korsbæk Genbrug',
  'Plejehjemmet Rolighed',
  'Østbanens Kantine',
  'Sydsjællands Lager & Logistik',
  'Korsbæk Bibliotek',
  'Bageriet på Lille Torv',
  'Teglværkets Trykkeri',
  'Fjordby Fiskeeksport',
  'Børnehuset Mølleåen',
  'Korsbæk Rengøring & Service',
  'Gartneriet Lærkehaven',
];

/** General practitioners. */
export const doctors: readonly string[] = [
  'Lægerne Algade',
  'Lægehuset Fjordby',
  'egen læge Hanne Ravn',
  'egen læge Jens Toft',
  'Lægeklinikken ved Stationen',
  'egen læge M. Qvist',
];
