"""The pages of Settings that show the record, and what is kept."""

from django.urls import include, path

from compliance.alerts import views as alerts
from compliance.certificates import views as certificates
from compliance.closing import views as closing
from compliance.keys.views import encryption
from compliance.ledger import proof_views, views
from compliance.purposes import views as purposes
from compliance.retention import views as retention
from compliance.rights import export_views

urlpatterns = [
    path("encryption/", encryption, name="encryption"),
    path("alerts/", alerts.alert_list, name="alerts"),
    path("alerts/thresholds/", alerts.thresholds_change, name="alert-thresholds"),
    path("alerts/<uuid:alert_id>/seen/", alerts.alert_see, name="alert-see"),
    path("what-and-why/", purposes.purposes, name="purposes"),
    path("what-and-why/file.json", purposes.purposes_json, name="purposes-json"),
    path("what-and-why/file.csv", purposes.purposes_csv, name="purposes-csv"),
    path("retention/", retention.retention, name="retention"),
    path("retention/change/", retention.change, name="retention-change"),
    path("retention/holds/new/", retention.hold_place, name="hold-place"),
    path(
        "retention/holds/<uuid:hold_id>/release/",
        retention.hold_release,
        name="hold-release",
    ),
    path(
        "retention/holds/<uuid:hold_id>/review/",
        retention.hold_review,
        name="hold-review",
    ),
    path("retention/certificates/", certificates.certificates, name="certificates"),
    path(
        "retention/certificates/checker/",
        certificates.certificate_checker,
        name="certificate-checker",
    ),
    path(
        "retention/certificates/<uuid:certificate_id>/",
        certificates.certificate,
        name="certificate",
    ),
    path(
        "retention/certificates/<uuid:certificate_id>/certificate.json",
        certificates.certificate_json,
        name="certificate-json",
    ),
    path(
        "retention/certificates/<uuid:certificate_id>/certificate.pdf",
        certificates.certificate_pdf,
        name="certificate-pdf",
    ),
    path("clinic/close/", closing.close, name="clinic-close"),
    path("clinic/keep/", closing.keep, name="clinic-keep"),
    path("requests/", include("compliance.rights.settings_urls")),
    path("export/", export_views.data_export, name="data-export"),
    path("export/file/", export_views.data_export_file, name="data-export-file"),
    path("access/", views.access, name="access"),
    path("access/file/", views.access_file, name="access-file"),
    path("access/proof/", proof_views.proof, name="access-proof"),
    path("access/proof/growth/", proof_views.growth_file, name="access-growth"),
    path(
        "access/proof/checkpoint/",
        proof_views.checkpoint_file,
        name="access-checkpoint",
    ),
    path("access/proof/record/", proof_views.record_file, name="access-record"),
    path("access/proof/checker/", proof_views.checker_file, name="access-checker"),
    path("access/proof/<uuid:row_id>/", proof_views.line_file, name="access-line"),
]
