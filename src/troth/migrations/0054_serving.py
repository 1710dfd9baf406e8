"""Recipients that serve some products alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('troth', '0053_regions'),
    ]

    operations = [
        migrations.AddField(
            model_name='lawpurpose',
            name='serves',
            field=models.JSONField(help_text='Recipient → the products about which alone it receives data.', null=True),
        ),
    ]
