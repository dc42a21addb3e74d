title = Consent capture report
lang-name = English
verdict-failed = Failed
verdict-cant_tell = Cannot tell
verdict-passed = Passed
verdict-no_form = No collection form
verdict-not_assessed = Not assessed
verdict-failed-says = At least one check failed. Each failed check below shows the words, the picture and the provision.
verdict-cant_tell-says = No check failed, but not everything could be told. What is open stands in its own section.
verdict-passed-says = Every check that applies passed on what was captured.
verdict-no_form-says = Pages were examined and none held a form that collects personal data.
verdict-not_assessed-says = The page could not be examined, so nothing is said about its forms.
severity-blocker = Blocker
severity-major = Major
severity-minor = Minor
severity-info = Info
outcome-failed = Failed
outcome-cant_tell = Cannot tell
outcome-passed = Passed
outcome-inapplicable = Does not apply
count-major = { $n ->
    [one] 1 major
   *[other] { $n } major
  }
count-minor = { $n ->
    [one] 1 minor
   *[other] { $n } minor
  }
count-info = { $n } info
count-blocker = { $n ->
    [one] 1 blocker
   *[other] { $n } blockers
  }
count-cant-tell = { $n ->
    [one] 1 point cannot be told
   *[other] { $n } points cannot be told
  }
count-pages = { $n ->
    [one] 1 page opened
   *[other] { $n } pages opened
  }
count-forms = { $n ->
    [one] 1 collection form
   *[other] { $n } collection forms
  }
scanned = Captured { $from } to { $to } (UTC)
interrupted = The scan was interrupted. This report covers what had been captured until then.
targets = What was scanned
target = Address
verdict = Verdict
status = Status
forms = The forms
form-on = Form { $number } on { $page }
no-forms = No collection form was captured.
form-picture = The form as it was captured
form-picture-none = There is no picture of this form: { $why }
no-picture-static = the page was read without a browser
no-picture-other = it was not visible on the page, or the picture does not reach it
who = Who collects
who-none = Nobody is named in the form or beside it.
what-for = What for
what-for-none = No purpose is stated at the form.
controls = Consent controls
controls-none = The form has no control that asks for marketing or transfer consent.
control = Control
meaning = Asks for
at-start = Before any act of the visitor
optional = Optional
state-on = ticked ({ $moment })
state-off = unticked at every recorded moment
state-unknown = not known: only the received markup was read
yes = yes
no = no
fields = Asks for
recipients = Recipients named
privacy-link = Privacy notice
privacy-link-none = no link found
findings-failed = What failed
findings-failed-none = Nothing failed on this form.
severity = Severity
check = Check
quoted = “{ $quote }”
picture = Picture
failed-none = Nothing failed.
failed-below = Failed ({ $severity }), which --fail-on { $least } does not count: { $message }
target-assessed = Assessed, with a collection form: { $target }
more-beside = Pictures and details: report.html
observed = What was observed
quote = In the page's words
measured = Measured
change = What to change
law = Provisions it bears on
law-none = No provision of the chosen packs bears on it.
seen-in = Seen in capture { $capture }, taken { $time }
full-picture = full picture
at-element = Element
open-points = What could not be told
open-points-says = These points are neither passed nor failed. They need another look, or a person.
open-points-none = Nothing was left open.
reason-not_seen = not seen
reason-needs_person = needs a person
gaps = What could not be captured
gaps-none = No gaps were recorded.
passed-points = What passed
passed-none = Nothing passed.
pages = Pages opened
page = Page
role = Role
http = HTTP
captures = Captures
conditions = Conditions of the capture
scan-id = Scan
tool = Program
ruleset = Rules
packs = Law judged by
as-of = Law as of
browser = Browser
browser-none = none (--static)
sandbox-off = Chrome's own sandbox was off
agent = User agent
machine = Machine
window = Window
settings = Settings
third-parties = third parties not reached
robots-ignored = robots.txt ignored
pictures = Pictures and their SHA-256
method = Method and limits
method-1 = Each page was opened in a fresh browser context without cookies, cache or storage, through a proxy that records the addresses it connects to. Nothing was typed and nothing was submitted.
method-1-static = Each page was read as received, without a browser. What scripts and styles make of it is not known.
method-2 = A state is read from the document the browser built, at the received markup, at load, and once the page has come to rest. A control counts as on when it was on at any of these moments.
method-3 = A form scan shows what the page offered at a time; it does not show that one person consented. For a given lead, ask the supplier for the individual record and compare it with the nearest capture.
method-4 = This report states observed facts and the provisions they bear on. It is no legal advice and no bailiff's record.
role-collection = collection
role-legal_notice = legal notice
role-privacy_notice = privacy notice
role-recipient_list = list of recipients
role-terms = terms
role-other = other
status-examined = examined
status-unreachable = unreachable
status-http_error = HTTP error
status-tls_error = TLS error
status-blocked = blocked
status-robots = closed by robots.txt
status-timed_out = timed out
status-crashed = browser crashed
status-not_html = not a page
status-refused = refused by the address guard
role-marketing_own = own marketing
role-marketing_partners = partners or transfer
role-marketing_bundled_with_terms = marketing and a document at once
moment-markup = in the received markup
moment-load = at load
moment-settled = once settled
polarity-opt_out = asked as a refusal
required = required
category-email = e-mail
category-phone = phone
category-name = name
category-first_name = first name
category-last_name = last name
category-title = Mr/Ms
category-postal_address = postal address
category-postcode = postcode
category-city = city
category-birth_date = date of birth
category-age = age
category-gender = gender
category-company = company
category-job = occupation
category-income = income
category-health = health
category-free_text = free text
category-other = other
where-form = in the form
where-page = on the page
where-privacy_notice = in the privacy notice
where-legal_notice = in the legal notice
where-terms = in the terms
where-recipient_list = in the list of recipients
purpose-newsletter = newsletter
purpose-marketing = marketing
purpose-transfer = transfer to others
purpose-request = handling the request
left-out = Pages found and not opened
col-verdict = Verdict
col-target = Target
col-failed = Failed
col-open = Cannot tell
col-forms = Forms
col-pages = Pages
report-at = Report: { $path }
more-findings = … and { $n } more in the report
purpose-line = { $purpose }: “{ $quote }”
demo-intro = Scanning an example site that is served on this machine ({ $url }): a comparator with a quote form, a contest and a newsletter.
demo-as-built = As built: the quote form and the newsletter have no failed finding; the contest's partner box was ticked
    before any act of the visitor, and nobody at the form says who collects or who the partners are.
demo-next = Open { $path } in a browser.
    Then scan a real page:  consentry scan https://…
status-not_opened = not opened
