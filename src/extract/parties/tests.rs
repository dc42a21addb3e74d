//! Sentences that name companies, and whom they name as what.

use super::*;
use crate::lexicon::Lexicons;
use crate::model::{Place, Seen};

fn lexicons() -> Lexicons {
    Lexicons::load([
        ("de.toml", include_str!("../../../rules/lexicon/de.toml")),
        ("en.toml", include_str!("../../../rules/lexicon/en.toml")),
        ("es.toml", include_str!("../../../rules/lexicon/es.toml")),
        ("fr.toml", include_str!("../../../rules/lexicon/fr.toml")),
        ("it.toml", include_str!("../../../rules/lexicon/it.toml")),
    ])
    .unwrap()
}

/// The names a sentence gives: controllers and senders, recipients.
fn parties(voice: &Voice, entities: &Entities, nearness: Where, text: &str) -> [Vec<String>; 2] {
    let place = Place::default();
    let passage = Passage {
        text: text.to_string(),
        reading: voice.read(text),
        nearness,
        labels_control: false,
        navigation: false,
        heading: false,
        seen: Seen {
            capture: String::new(),
            visible: None,
            bounds: None,
        },
        place,
        look: None,
    };
    let found = read(&passage, &Brands::default(), voice, entities);
    [found.controllers, found.recipients]
        .map(|list| list.into_iter().map(|named| named.party.name).collect())
}

fn check(cases: &[(&str, &str, &[&str])]) {
    let lexicons = lexicons();
    let entities = Entities::load(
        "entities.toml",
        include_str!("../../../rules/entities.toml"),
    )
    .unwrap();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(language, text, wanted)| {
            let voice = Voice::new(&lexicons, Some(language));
            let [got, _] = parties(&voice, &entities, Where::Page, text);
            (got != *wanted).then(|| format!("{language}: {text}: {got:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn hosts_processors_and_directors_are_no_controllers() {
    check(&[
        (
            "fr",
            "Le responsable du traitement est Exemple SAS, RCS Lyon 123 456 782.",
            &["Exemple"],
        ),
        (
            "fr",
            "Le site est hébergé par Nuage SAS, 2 rue des Exemples, 59000 Lille.",
            &[],
        ),
        (
            "fr",
            "Hébergeur : la société Nuage SAS, RCS Lille 123 456 782",
            &[],
        ),
        (
            "fr",
            "Directeur de la publication : Jean Exemple, SAS Exemple",
            &[],
        ),
        (
            "fr",
            "Vos données sont traitées par notre sous-traitant Routage SARL.",
            &[],
        ),
        (
            "fr",
            "Nuage SAS est l'hébergeur de ce site et traite des données.",
            &[],
        ),
        (
            "en",
            "This website is hosted by Cloudy Ltd, 1 Sample Street.",
            &[],
        ),
        ("en", "Our data processor is Mailing Example Inc.", &[]),
        ("en", "Payments are processed by Paying Example Ltd.", &[]),
        (
            "en",
            "Director of publication: Jane Sample, Sample Holding Ltd",
            &[],
        ),
        (
            "de",
            "Auftragsverarbeiter ist die Wolke GmbH, Musterstraße 1.",
            &[],
        ),
        ("de", "Das Hosting erfolgt durch die Wolke GmbH.", &[]),
        (
            "de",
            "Personenbezogene Daten werden auf Servern der Wolke AG verarbeitet.",
            &[],
        ),
        (
            "de",
            "Verantwortlich für den Inhalt nach § 18 MStV: Max Muster, Muster Verlag GmbH",
            &[],
        ),
        (
            "it",
            "Il responsabile del trattamento dei dati è Nuvola S.r.l.",
            &[],
        ),
        (
            "it",
            "Il sito è ospitato da Nuvola S.p.A. e tratta dati personali.",
            &[],
        ),
        (
            "it",
            "Direttore responsabile: Mario Esempio, Esempio Editore S.r.l.",
            &[],
        ),
        (
            "es",
            "El encargado del tratamiento de los datos es Nube S.L.",
            &[],
        ),
        ("es", "El sitio está alojado por la empresa Nube, S.L.", &[]),
        (
            "es",
            "Director de la publicación: Juan Ejemplo, Ejemplo S.A.",
            &[],
        ),
    ]);
}

#[test]
fn controllers_beside_other_parts_are_found() {
    check(&[
        (
            "fr",
            "Ce site est édité par Exemple SAS et hébergé par Nuage SAS.",
            &["Exemple"],
        ),
        (
            "fr",
            "Ce site est édité et hébergé par Exemple SAS.",
            &["Exemple"],
        ),
        (
            "fr",
            "Site hébergé par Nuage SAS et édité par la SARL Exemple.",
            &["Exemple"],
        ),
        (
            "fr",
            "Le responsable du traitement est la S.A.S. Exemple.",
            &["Exemple"],
        ),
        (
            "fr",
            "Les données sont collectées par SAS EXEMPLE AUTO.",
            &["EXEMPLE AUTO"],
        ),
        (
            "en",
            "The data controller is Example Ltd and the site is hosted by Cloudy Ltd.",
            &["Example"],
        ),
        (
            "en",
            "Example Ltd and its processors use your data.",
            &["Example"],
        ),
        (
            "en",
            "Example Ltd. will use your data to contact you.",
            &["Example"],
        ),
        (
            "de",
            "Verantwortlicher im Sinne der DSGVO ist die Muster GmbH.",
            &["Muster"],
        ),
        (
            "de",
            "Die Muster GmbH verarbeitet Ihre Daten mit einem Auftragsverarbeiter.",
            &["Muster"],
        ),
        (
            "it",
            "Titolare del trattamento è Esempio S.r.l. con sede a Milano.",
            &["Esempio"],
        ),
        (
            "it",
            "Titolare e responsabile del trattamento è Esempio S.p.A., Milano.",
            &["Esempio"],
        ),
        (
            "it",
            "Esempio S.r.l. tratta i tuoi dati in qualità di titolare.",
            &["Esempio"],
        ),
        (
            "es",
            "El responsable del tratamiento es Ejemplo S.L., con CIF B00000018.",
            &["Ejemplo"],
        ),
        (
            "es",
            "Responsable y encargado del tratamiento: Ejemplo, S.L.U.",
            &["Ejemplo"],
        ),
    ]);
}

#[test]
fn those_who_are_given_the_data_in_a_form_are_recipients() {
    let lexicons = lexicons();
    let file = include_str!("../../../rules/entities.toml");
    let entities = Entities::load("entities.toml", file).unwrap();
    let cases: [(&str, &str, &[&str], &[&str]); 14] = [
        (
            "fr",
            "Mes données sont transmises à Solaria Énergie.",
            &[],
            &["Solaria Énergie"],
        ),
        (
            "fr",
            "J'accepte que mes coordonnées soient communiquées à nos partenaires Solaria, Brivolt et Nordelia.",
            &[],
            &["Solaria", "Brivolt", "Nordelia"],
        ),
        (
            "fr",
            "Vos données sont collectées par Comparex SAS et cédées à Brivolt SARL et à Nordelia SA.",
            &["Comparex"],
            &["Brivolt", "Nordelia"],
        ),
        (
            "fr",
            "Comparex SAS transmet vos données à ses partenaires Brivolt SAS et Nordelia ainsi qu'à ses prestataires techniques.",
            &["Comparex"],
            &["Brivolt", "Nordelia"],
        ),
        (
            "fr",
            "Les données sont hébergées par Nuagix SAS et transmises à Brivolt SAS pour vous appeler.",
            &["Brivolt"],
            &["Brivolt"],
        ),
        (
            "fr",
            "Vos données sont transmises à notre hébergeur Nuagix SAS et à notre sous-traitant Routix SARL.",
            &[],
            &[],
        ),
        (
            "fr",
            "J'accepte d'être contacté par nos sponsors : Brivolt, Nordelia et Assurix.",
            &[],
            &["Brivolt", "Nordelia", "Assurix"],
        ),
        (
            "fr",
            "Ces données sont transmises au Service Client le Lundi, à Lyon.",
            &[],
            &[],
        ),
        (
            "en",
            "I agree that my details are shared with our partners Brightvolt, Northwick Energy and Solarine Ltd.",
            &[],
            &["Brightvolt", "Northwick Energy", "Solarine"],
        ),
        (
            "en",
            "Your data is processed by Compario Ltd, hosted by Cloudix Ltd and passed to Brightvolt Ltd.",
            &["Compario"],
            &["Brightvolt"],
        ),
        (
            "en",
            "Your data is passed to Customer Services in England on Monday.",
            &[],
            &[],
        ),
        (
            "de",
            "Meine Daten werden an die Solarix GmbH und die Nordia GmbH weitergegeben.",
            &[],
            &["Solarix", "Nordia"],
        ),
        (
            "it",
            "I dati sono comunicati a Solarix S.r.l. e Nordia S.p.A.",
            &[],
            &["Solarix", "Nordia"],
        ),
        (
            "es",
            "Mis datos serán cedidos a Solarix S.L. y Nordia S.A.",
            &[],
            &["Solarix", "Nordia"],
        ),
    ];
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(language, text, controllers, recipients)| {
            let voice = Voice::new(&lexicons, Some(language));
            let got = parties(&voice, &entities, Where::Form, text);
            let right = got[0] == *controllers && got[1] == *recipients;
            (!right).then(|| format!("{language}: {text}: {got:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
