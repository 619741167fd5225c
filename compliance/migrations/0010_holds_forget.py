"""Let released holds forget their words and whose calls they kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_closed_agency_administrators"),
        ("compliance", "0009_insert_by_column"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="legalhold",
            name="hold_says_what_it_covers",
        ),
        migrations.AddField(
            model_name="legalhold",
            name="forgotten_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("scope", "all"),
                    models.Q(("call_id__isnull", False), ("scope", "call")),
                    models.Q(
                        ("scope", "caller"),
                        models.Q(("caller_index", b""), _negated=True),
                    ),
                    models.Q(("scope", "period"), ("since__lt", models.F("until"))),
                    ("forgotten_at__isnull", False),
                    _connector="OR",
                ),
                name="hold_says_what_it_covers",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("forgotten_at", None),
                    models.Q(
                        ("caller_index", b""),
                        ("reason_sealed", b""),
                        ("release_reason_sealed", b""),
                        ("released_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="hold_forgets_whole",
            ),
        ),
    ]
