title = Rapport de capture du consentement
lang-name = français
verdict-failed = Échec
verdict-cant_tell = Indéterminé
verdict-passed = Contrôles réussis
verdict-no_form = Aucun formulaire de collecte
verdict-not_assessed = Non évalué
verdict-failed-says = Au moins un contrôle a échoué. Chaque échec ci-dessous montre les mots, l'image et la disposition.
verdict-cant_tell-says = Aucun contrôle n'a échoué, mais tout n'a pas pu être déterminé. Ce qui reste ouvert figure dans sa propre section.
verdict-passed-says = Tous les contrôles applicables sont réussis sur ce qui a été capturé.
verdict-no_form-says = Des pages ont été examinées ; aucune ne contenait de formulaire recueillant des données personnelles.
verdict-not_assessed-says = La page n'a pas pu être examinée : rien n'est dit de ses formulaires.
severity-blocker = Bloquant
severity-major = Majeur
severity-minor = Mineur
severity-info = Information
outcome-failed = Échec
outcome-cant_tell = Indéterminé
outcome-passed = Réussi
outcome-inapplicable = Sans objet
count-major = { $n ->
    [one] 1 majeur
   *[other] { $n } majeurs
  }
count-minor = { $n ->
    [one] 1 mineur
   *[other] { $n } mineurs
  }
count-info = { $n ->
    [one] 1 information
   *[other] { $n } informations
  }
count-blocker = { $n ->
    [one] 1 bloquant
   *[other] { $n } bloquants
  }
count-cant-tell = { $n ->
    [one] 1 point indéterminé
   *[other] { $n } points indéterminés
  }
count-pages = { $n ->
    [one] 1 page ouverte
   *[other] { $n } pages ouvertes
  }
count-forms = { $n ->
    [one] 1 formulaire de collecte
   *[other] { $n } formulaires de collecte
  }
scanned = Capturé du { $from } au { $to } (UTC)
interrupted = L'examen a été interrompu. Ce rapport porte sur ce qui avait été capturé jusque-là.
targets = Ce qui a été examiné
target = Adresse
verdict = Verdict
status = État
forms = Les formulaires
form-on = Formulaire { $number } sur { $page }
no-forms = Aucun formulaire de collecte n'a été capturé.
form-picture = Le formulaire tel qu'il a été capturé
form-picture-none = Il n'y a pas d'image de ce formulaire : { $why }
no-picture-static = la page a été lue sans navigateur
no-picture-other = il n'était pas visible sur la page, ou l'image ne va pas jusque-là
who = Qui collecte
who-none = Personne n'est nommé dans le formulaire ni à côté.
what-for = À quelles fins
what-for-none = Aucune finalité n'est énoncée près du formulaire.
controls = Cases de consentement
controls-none = Le formulaire n'a aucune case demandant un accord à la prospection ou à la transmission.
control = Case
meaning = Demande
at-start = Avant toute action du visiteur
optional = Facultative
state-on = cochée ({ $moment })
state-off = décochée à chaque moment enregistré
state-unknown = inconnu : seul le code reçu a été lu
yes = oui
no = non
fields = Données demandées
recipients = Destinataires nommés
privacy-link = Politique de confidentialité
privacy-link-none = aucun lien trouvé
findings-failed = Ce qui a échoué
findings-failed-none = Rien n'a échoué sur ce formulaire.
severity = Gravité
check = Contrôle
quoted = « { $quote } »
picture = Image
failed-none = Rien n'a échoué.
failed-below = Échec ({ $severity }), non compté par --fail-on { $least } : { $message }
target-assessed = Évaluée, avec un formulaire de collecte : { $target }
more-beside = Images et détails : report.html
observed = Ce qui a été observé
quote = Dans les mots de la page
measured = Mesuré
change = Ce qu'il faut changer
law = Dispositions concernées
law-none = Aucune disposition des ensembles choisis ne s'y rapporte.
seen-in = Vu dans la capture { $capture }, prise le { $time }
full-picture = image entière
at-element = Élément
open-points = Ce qui n'a pas pu être déterminé
open-points-says = Ces points ne sont ni réussis ni en échec. Ils appellent un autre regard, ou une personne.
open-points-none = Rien n'est resté ouvert.
reason-not_seen = non vu
reason-needs_person = à apprécier par une personne
gaps = Ce qui n'a pas pu être capturé
gaps-none = Aucune lacune enregistrée.
passed-points = Ce qui est réussi
passed-none = Rien n'est réussi.
pages = Pages ouvertes
page = Page
role = Rôle
http = HTTP
captures = Captures
conditions = Conditions de la capture
scan-id = Examen
tool = Programme
ruleset = Règles
packs = Droit appliqué
as-of = Droit en vigueur au
browser = Navigateur
browser-none = aucun (--static)
sandbox-off = le bac à sable de Chrome était désactivé
agent = Agent utilisateur
machine = Machine
window = Fenêtre
settings = Réglages
through-proxy = à travers le proxy
third-parties = tiers non contactés
robots-ignored = robots.txt ignoré
pictures = Images et leur SHA-256
method = Méthode et limites
method-1 = Chaque page a été ouverte dans un contexte de navigateur neuf, sans cookies, cache ni stockage, à travers un relais qui enregistre les adresses jointes. Rien n'a été saisi ni envoyé.
method-1-static = Chaque page a été lue telle que reçue, sans navigateur. Ce que scripts et styles en font n'est pas connu.
method-2 = Un état est lu dans le document construit par le navigateur : dans le code reçu, au chargement, et une fois la page stabilisée. Une case compte comme cochée si elle l'était à l'un de ces moments.
method-3 = L'examen d'un formulaire montre ce que la page proposait à un moment donné ; il ne montre pas qu'une personne a consenti. Pour un prospect donné, demandez au fournisseur l'enregistrement individuel et comparez-le à la capture la plus proche.
method-4 = Ce rapport énonce des faits observés et les dispositions qu'ils concernent. Il n'est ni un avis juridique ni un constat de commissaire de justice.
role-collection = collecte
role-legal_notice = mentions légales
role-privacy_notice = politique de confidentialité
role-recipient_list = liste des destinataires
role-terms = conditions
role-other = autre
status-examined = examinée
status-unreachable = injoignable
status-http_error = erreur HTTP
status-tls_error = erreur TLS
status-blocked = accès bloqué
status-robots = fermée par robots.txt
status-timed_out = délai dépassé
status-crashed = navigateur planté
status-not_html = pas une page
status-refused = refusée par le contrôle d'adresse
role-marketing_own = prospection propre
role-marketing_partners = partenaires ou transmission
role-marketing_bundled_with_terms = prospection et document à la fois
moment-markup = dans le code reçu
moment-load = au chargement
moment-settled = une fois stabilisée
polarity-opt_out = posée comme un refus
required = obligatoire
category-email = e-mail
category-phone = téléphone
category-name = nom complet
category-first_name = prénom
category-last_name = nom
category-title = civilité
category-postal_address = adresse postale
category-postcode = code postal
category-city = ville
category-birth_date = date de naissance
category-age = âge
category-gender = sexe
category-company = société
category-job = profession
category-income = revenus
category-health = santé
category-free_text = texte libre
category-other = autre
where-form = dans le formulaire
where-page = sur la page
where-privacy_notice = dans la politique de confidentialité
where-legal_notice = dans les mentions légales
where-terms = dans les conditions
where-recipient_list = dans la liste des destinataires
purpose-newsletter = lettre d'information
purpose-marketing = prospection
purpose-transfer = transmission à des tiers
purpose-request = traitement de la demande
left-out = Pages trouvées et non ouvertes
col-verdict = Verdict
col-target = Cible
col-failed = Échecs
col-open = Indéterminés
col-forms = Formulaires
col-pages = Pages
report-at = Rapport : { $path }
more-findings = … et { $n } de plus dans le rapport
purpose-line = { $purpose } : « { $quote } »
demo-intro = Examen d'un site d'exemple servi sur cette machine ({ $url }) : un comparateur avec un formulaire de devis, un jeu-concours et une lettre d'information.
demo-as-built = Comme prévu : le formulaire de devis et la lettre d'information n'ont aucun échec ; la case « partenaires » du jeu-concours
    était cochée avant toute action du visiteur, et rien au formulaire ne dit qui collecte ni qui sont les partenaires.
demo-next = Ouvrez { $path } dans un navigateur.
    Puis examinez une vraie page :  consentry scan https://…
status-not_opened = non ouverte
word-accepted = Accepté par {$by} jusqu'au {$until} :
word-passed = Indéterminé ; {$by} a répondu « conforme » jusqu'au {$until} :
word-failed = Indéterminé ; {$by} a répondu « non conforme » jusqu'au {$until} :
word-inapplicable = Indéterminé ; {$by} a répondu jusqu'au {$until} :
word-expired = Cette décision avait pris fin au moment de la capture et ne compte plus.
item = Élément
item-outcome = Trouvé
item-shown = Texte
item-passed = présent
item-failed = introuvable
item-cant_tell = indéterminé
item-inapplicable = non requis
asked-for = Contacts pour
audience-consumer = consommateurs
audience-business = entreprises
channel-email = e-mail
channel-sms = SMS
channel-phone = téléphone
channel-post = courrier
buyers = acheteurs :
product = produit :
